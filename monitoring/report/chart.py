"""What all charts are: one drawing as two SVG data URIs, for a light and for a dark page."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from jobs.figures import in_dark, styled
from jobs.pages import data_uri
from jobs.palette import LIGHT

WIDTH = 4.4  # inches


@dataclass(frozen=True)
class Chart:
    """A chart as two data URIs, and what it shows in words."""

    light: str
    dark: str
    alt: str


def chart(draw: Callable[[Axes], None], height: float, alt: str) -> Chart:
    """The chart that a function draws in the colours of `LIGHT`; the same drawing gives the same bytes."""
    with styled(LIGHT):
        figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="none")
        draw(figure.add_subplot(facecolor="none"))
        svg = _svg(figure)
    light, dark = (data_uri(each.encode(), "image/svg+xml") for each in (svg, in_dark(svg)))
    return Chart(light, dark, alt)


def _svg(figure: Figure) -> str:
    """The figure as SVG, without its date. Not by `Figure.savefig`, which draws everything twice."""
    text = io.StringIO()
    FigureCanvasSVG(figure).print_svg(text, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]  # matplotlib has no types here
    return text.getvalue()
