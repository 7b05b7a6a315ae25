"""Pictures follow the reader's colour scheme."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.pictures import draw_definition

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize(
    ("scheme", "back", "ink"),
    [("light", "rgb(255, 255, 255)", "rgb(31, 35, 40)"), ("dark", "rgb(13, 17, 23)", "rgb(230, 237, 243)")],
)
def test_a_picture_has_the_colours_of_the_scheme(
    page: Callable[..., Any], tmp_path: Path, scheme: str, back: str, ink: str
) -> None:
    path = tmp_path / "workflow.svg"
    path.write_text(draw_definition(json.loads((GOLDEN / "inference.asl.json").read_text())), encoding="utf-8")
    opened = page(path, scheme=scheme)
    fill = "element => getComputedStyle(element).fill"
    assert opened.page.locator(".back").evaluate(fill) == back
    assert opened.page.locator("text.name").first.evaluate(fill) == ink
    assert opened.errors == []
    assert opened.requests == []
