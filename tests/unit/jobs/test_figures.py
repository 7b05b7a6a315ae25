"""The style of figures."""

import io

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from jobs.figures import styled
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
