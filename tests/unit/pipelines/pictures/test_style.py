"""Colours of pictures: as text, and as drawn by resvg, which knows neither CSS variables nor media queries."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pipelines.pictures import draw_definition, draw_execution, draw_pipeline
from pipelines.pictures.style import DARK, LIGHT, style_sheet

SVG = "{http://www.w3.org/2000/svg}"
FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"  # the machine may have no fonts of its own
GOLDEN = Path(__file__).parents[3] / "golden"
FILLS = {
    "start": "line",
    "succeeded": "good_box",
    "failed": "bad_box",
    "caught": "warn_box",
    "not-entered": "back",
}  # of a box with this class; all others have the fill `box`
Pixels = NDArray[np.uint8]


@pytest.fixture(params=["training", "workflow", "execution"])
def picture(
    request: pytest.FixtureRequest,
    workflow: dict[str, Any],
    training: dict[str, Any],
    caught_error: list[dict[str, Any]],
) -> str:
    draw: dict[str, Callable[[], str]] = {
        "training": lambda: draw_pipeline(training),
        "workflow": lambda: draw_definition(workflow),
        "execution": lambda: draw_execution(workflow, caught_error),
    }
    return draw[request.param]()


@pytest.fixture
def pixels(picture: str) -> Pixels:
    """The picture as drawn, height × width × RGB."""
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=picture,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(FONT)],
        sans_serif_family="DejaVu Sans",
    )
    return np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"))


def boxes(picture: str) -> Iterator[tuple[str, ET.Element, ET.Element]]:
    """The last class, the outline and the name of every box that has a name."""
    for group in ET.fromstring(picture).iter(f"{SVG}g"):
        shape = next((part for part in group if part.get("class") == "shape"), None)
        name = next((part for part in group if part.get("class") == "name"), None)
        if shape is not None and name is not None:
            yield group.get("class", "").split()[-1], shape, name


def rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))


def rules(sheet: str) -> list[tuple[str, list[str]]]:
    """Each rule's selector and the properties that it sets."""
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    return [(selector.strip(), re.findall(r"([\w-]+):", body)) for selector, body in found]


def test_most_of_a_picture_is_white_and_hardly_anything_black(pixels: Pixels) -> None:
    assert (pixels == rgb(LIGHT["back"])).all(axis=2).mean() > 0.5
    assert (pixels.max(axis=2) < 16).mean() < 0.01


def test_boxes_have_the_colours_of_the_light_scheme(picture: str, pixels: Pixels) -> None:
    """Looks at a pixel above each name, which is inside the box and free of text."""
    seen = {
        name.text: pixels[round(float(name.get("y", 0))) - 16, round(float(name.get("x", 0)))].tolist()
        for _, _, name in boxes(picture)
    }
    expected = {name.text: rgb(LIGHT[FILLS.get(kind, "box")]) for kind, _, name in boxes(picture)}
    assert seen == expected
    assert len(seen) > 5


def test_names_are_dark_on_light(picture: str, pixels: Pixels) -> None:
    for _, _, name in boxes(picture):
        x, y = round(float(name.get("x", 0))), round(float(name.get("y", 0)))
        text = pixels[y - 10 : y + 1, x - 30 : x + 30].max(axis=2)
        assert text.min() < 130, name.text
        assert text.max() > 220, name.text
        assert (text > 160).mean() > 0.3, name.text


def test_every_colour_is_written_out() -> None:
    sheet = style_sheet()
    assert "var(" not in sheet
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) == {*LIGHT.values(), *DARK.values()}


def test_both_schemes_colour_the_same_things() -> None:
    light, dark = style_sheet().split("@media (prefers-color-scheme: dark) {")
    assert set(LIGHT) == set(DARK)
    assert rules(light)[-len(rules(dark)) :] == rules(dark)
    coloured = {property_ for _, properties in rules(dark) for property_ in properties}
    assert coloured == {"fill", "stroke"}


@pytest.mark.parametrize(
    ("name", "definition", "drawn_by"),
    [
        ("workflow", "inference.asl.json", draw_definition),
        ("training", "training.json", draw_pipeline),
        ("monitoring", "monitoring.json", draw_pipeline),
    ],
)
def test_the_pictures_in_the_docs_are_of_what_ships(
    name: str, definition: str, drawn_by: Callable[[dict[str, Any]], str]
) -> None:
    stored = Path(__file__).parents[4] / "docs" / "pictures" / f"{name}.svg"
    assert stored.read_text(encoding="utf-8") == drawn_by(json.loads((GOLDEN / definition).read_text()))
