"""Computes the line of a link: straight within its row, curved in the gap between rows, where there are no boxes."""

from dataclasses import dataclass

from pipelines.pictures.layers import Item, Link
from pipelines.pictures.layout import Layout

HEAD = 7.0  # length of an arrow's head
PORT = 0.25  # distance of an arrow's end from the middle of the box, as a share of the arrow's horizontal extent
NEAR = 24.0  # below this horizontal extent in pixels, a line to a bend or label is drawn straight
CORNER = 16.0  # pixels next to a box's corners that are kept free of arrows
STRAIGHT = 0.5  # below this horizontal extent in pixels, a line counts as straight
Point = tuple[float, float]


@dataclass(frozen=True)
class Route:
    """An SVG path and the tips of its arrow heads, which are None where the path has no head."""

    path: str
    tip_above: Point | None
    tip_below: Point | None


def route_of(layout: Layout, link: Link) -> Route:
    """Computes the line of a link."""
    above = (_port(layout, link.upper, link.lower), _leave(layout, link.upper))
    below = (_port(layout, link.lower, link.upper), _enter(layout, link.lower))
    tip_above = above if link.upward and link.upper.node else None
    tip_below = below if not link.upward and link.lower.node else None
    start = (above[0], above[1] + HEAD) if tip_above else above
    end = (below[0], below[1] - HEAD) if tip_below else below
    # At a bend, the line first goes straight down through the whole height of the row.
    own = layout.bands[link.upper.row][0] if link.upper.trunk else start[1]
    return Route(f"M{_pair((start[0], own))}{_curve(start, end)}", tip_above, tip_below)


def number(value: float) -> str:
    """Formats a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _curve(start: Point, end: Point) -> str:
    if abs(start[0] - end[0]) < STRAIGHT:
        return f"L{_pair(end)}"
    middle = (start[1] + end[1]) / 2
    return f"L{_pair(start)}C{_pair((start[0], middle))} {_pair((end[0], middle))} {_pair(end)}"


def _port(layout: Layout, item: Item, other: Item) -> float:
    """The x coordinate at which a line meets an item: a little off the middle, towards the line's other end."""
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
