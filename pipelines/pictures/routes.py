"""The line of a link: straight down through its own row, and a curve in the gap between rows, where no box is."""

from dataclasses import dataclass

from pipelines.pictures.layers import Item, Link
from pipelines.pictures.layout import Layout

HEAD = 7.0  # length of an arrow's head
PORT = 0.25  # how far from a box's middle an arrow leaves it, as a share of its way sideways
NEAR = 24.0  # pixels sideways below which a line is drawn straight instead
CORNER = 16.0  # pixels at a box's corners that no arrow touches
STRAIGHT = 0.5  # pixels sideways below which a line counts as straight
Point = tuple[float, float]


@dataclass(frozen=True)
class Route:
    """An SVG path, and where it has arrow heads: at a box below, or, when it leads upward, at a box above."""

    path: str
    tip_above: Point | None
    tip_below: Point | None


def route_of(layout: Layout, link: Link) -> Route:
    """The line of a link."""
    above = (_port(layout, link.upper, link.lower), _leave(layout, link.upper))
    below = (_port(layout, link.lower, link.upper), _enter(layout, link.lower))
    tip_above = above if link.upward and link.upper.node else None
    tip_below = below if not link.upward and link.lower.node else None
    start = (above[0], above[1] + HEAD) if tip_above else above
    end = (below[0], below[1] - HEAD) if tip_below else below
    # A bend is a point between two curves; in a row that is high, the line goes straight through it.
    own = layout.bands[link.upper.row][0] if link.upper.trunk else start[1]
    return Route(f"M{_pair((start[0], own))}{_curve(start, end)}", tip_above, tip_below)


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _curve(start: Point, end: Point) -> str:
    if abs(start[0] - end[0]) < STRAIGHT:
        return f"L{_pair(end)}"
    middle = (start[1] + end[1]) / 2
    return f"L{_pair(start)}C{_pair((start[0], middle))} {_pair((end[0], middle))} {_pair(end)}"


def _port(layout: Layout, item: Item, other: Item) -> float:
    """Where on an item's side a line starts or ends: a little towards the other end."""
    place = layout.places[item]
    if item.node is None:
        return place.x
    sideways = layout.places[other].x - place.x
    most = max(place.width / 2 - CORNER, 0)
    if abs(sideways) < min(NEAR, most) and other.node is None:
        return place.x + sideways
    return place.x + min(max(PORT * sideways, -most), most)


def _leave(layout: Layout, item: Item) -> float:
    return layout.bands[item.row][1] if item.trunk else layout.places[item].bottom


def _enter(layout: Layout, item: Item) -> float:
    return layout.bands[item.row][0] if item.trunk else layout.places[item].top


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
