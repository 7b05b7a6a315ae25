"""The style of figures."""

import io
import re

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from jobs.figures import DARK_COLOURS, in_dark, styled
from jobs.palette import DARK, LIGHT, Palette


def drawn(palette: Palette) -> str:
    with styled(palette):
        figure = Figure()
        figure.subplots().plot([0, 1], [0, 1], color=palette.series[0])
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_figure_has_the_palettes_colours(palette: Palette) -> None:
    assert all(colour in drawn(palette) for colour in (palette.ink, palette.line, palette.series[0]))


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert drawn(LIGHT) == drawn(LIGHT)


def test_the_style_ends_with_the_context() -> None:
    before = mpl.rcParams["text.color"]
    drawn(DARK)
    assert mpl.rcParams["text.color"] == before


def with_everything(palette: Palette) -> str:
    """A figure with all that charts have, in all colours; ids, which depend on colours, are numbers in it."""
    with styled(palette):
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        for place, colour in enumerate(palette.series):
            axes.plot([0, 1], [place, 1], color=colour, marker="o", label=f"series {place}", alpha=0.5)
            axes.stairs([1, 2], [0, 1, 2], baseline=[0, place], fill=True, color=colour)
            axes.barh([0, 1], [place, 1], color=colour)
            axes.vlines([0, 1], 0, place, color=colour, alpha=0.4)
        axes.axvline(1, color=mpl.rcParams["text.color"], linestyle="--")
        axes.legend(frameon=False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn = buffer.getvalue()
    ids = dict.fromkeys(re.findall(r'id="(m[0-9a-f]{10})"', drawn))
    numbers = {name: f"id-{number}" for number, name in enumerate(ids)}
    return re.sub(r"m[0-9a-f]{10}", lambda found: numbers[found[0]], drawn)


def test_a_figure_in_dark_is_the_one_that_is_drawn_in_dark() -> None:
    light = with_everything(LIGHT)
    assert set(re.findall("#[0-9a-f]{6}", light)) == set(DARK_COLOURS)
    assert in_dark(light) == with_everything(DARK) != light


def test_colours_are_exchanged_one_to_one() -> None:
    assert len(set(DARK_COLOURS.values())) == len(DARK_COLOURS) == 6
    assert not set(DARK_COLOURS.values()) & set(DARK_COLOURS)
