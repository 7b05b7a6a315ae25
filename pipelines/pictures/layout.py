"""Computes the places of boxes, labels and bends: links as straight as possible, and no overlaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog  # type: ignore[import-untyped]

from pipelines.pictures.graph import Graph
from pipelines.pictures.layers import Item, Layers, Link, layers_of

BOX_HEIGHT = 48.0  # of a box with a name and a detail
LINE_HEIGHT = 15.0  # of each line below
BOX_MINIMUM_WIDTH = 124.0
DOT = 14.0  # diameter of the dot at the start
LABEL_HEIGHT = 14.0
ROW_GAP = 24.0
COLUMN_GAP = 22.0
MARGIN = 20.0
NAME_WIDTH = 8.6  # a character of a box's name, 13 px bold; generous, because the reader's font is unknown
TEXT_WIDTH = 6.4  # a character of the smaller text, 11 px
Term = tuple[float, dict[Item, float]]


@dataclass(frozen=True)
class Place:
    """The rectangle of an item, in pixels: its centre (x, y) and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The left edge."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """The place of every item, in pixels. `bands` holds the upper and lower edge of each row."""

    places: dict[Item, Place]
    links: tuple[Link, ...]
    bands: tuple[tuple[float, float], ...]
    width: float
    height: float


def layout_of(graph: Graph) -> Layout:
    """Computes the layout of a graph."""
    layers = layers_of(graph)
    centres = _centres(layers)
    bands = _bands(layers)
    places = {}
    for item, x in centres.items():
        top, bottom = bands[item.row]
        places[item] = Place(x, (top + bottom) / 2, *size(item))
    right = max(place.x + place.width / 2 for place in places.values())
    return Layout(places, layers.links, bands, right + MARGIN, bands[-1][1] + MARGIN)


def size(item: Item) -> tuple[float, float]:
    """The width and height of an item in pixels, from the length of its text."""
    if item.node:
        if item.node.shape == "start":
            return DOT, DOT
        lines = (item.node.detail, *item.node.more)
        text = max(len(item.node.name) * NAME_WIDTH, *(len(line) * TEXT_WIDTH for line in lines))
        ends = 24 if item.node.shape in ("task", "many", "fail") else 40  # the other shapes have slanted or round ends
        return max(text + ends, BOX_MINIMUM_WIDTH), BOX_HEIGHT + LINE_HEIGHT * len(item.node.more)
    if item.edge:
        return len(item.edge.label) * TEXT_WIDTH, LABEL_HEIGHT
    return 0.0, 0.0


def _bands(layers: Layers) -> tuple[tuple[float, float], ...]:
    bands = []
    top = MARGIN
    for row in layers.rows:
        bottom = top + max(size(item)[1] for item in row)
        bands.append((top, bottom))
        top = bottom + ROW_GAP
    return tuple(bands)


def _centres(layers: Layers) -> dict[Item, float]:
    """Computes the horizontal centre of each item by a linear program.

    It minimises the weighted sum of the links' horizontal extents; the items of a row keep their order and distance.
    Source: Gansner et al., "A Technique for Drawing Directed Graphs" (1993), section 4.2.
    """
    items = [item for row in layers.rows for item in row]
    number = {item: index for index, item in enumerate(items)}
    terms = list(_terms(layers))
    slants = _matrix([coefficients for _, coefficients in terms], number)
    pairs = [pair for row in layers.rows for pair in pairwise(row)]
    order = _matrix([{left: 1.0, right: -1.0} for left, right in pairs], number)
    loose, bound = np.zeros((len(pairs), len(terms))), np.eye(len(terms))
    solution = linprog(
        c=[*np.zeros(len(items)), *(weight for weight, _ in terms)],
        A_ub=np.block([[slants, -bound], [-slants, -bound], [order, loose]]),
        b_ub=[*np.zeros(2 * len(terms)), *(-_distance(left, right) for left, right in pairs)],
        bounds=[*((MARGIN + size(item)[0] / 2, None) for item in items), *([(0, None)] * len(terms))],
    )
    return dict(zip(items, solution.x[: len(items)].tolist(), strict=True))


def _terms(layers: Layers) -> Iterator[Term]:
    """The quantities that should be zero, with their weights.

    They are the horizontal extent of each link and, for a box whose arrows lead to several items, its horizontal
    distance from the middle of those items.
    """
    branches: dict[Item, list[Item]] = {}
    for link in layers.links:
        yield _weight(link), {link.upper: 1.0, link.lower: -1.0}
        if link.style == "next":
            branches.setdefault(link.upper, []).append(link.lower)
    for item, below in branches.items():
        if len(below) > 1:
            yield 10.0, {item: 1.0, **dict.fromkeys(below, -1 / len(below))}


def _weight(link: Link) -> float:
    """The importance of a link's being straight: greatest on the main path, least between a box and a label."""
    if link.upper.edge:
        return 8.0
    if link.lower.edge:
        return 0.5
    if link.style == "next":
        return 20.0
    return 8.0 if link.upper.trunk and link.lower.trunk else 2.0


def _matrix(rows: list[dict[Item, float]], number: dict[Item, int]) -> NDArray[np.float64]:
    matrix = np.zeros((len(rows), len(number)))
    for index, row in enumerate(rows):
        for item, coefficient in row.items():
            matrix[index, number[item]] = coefficient
    return matrix


def _distance(left: Item, right: Item) -> float:
    return (size(left)[0] + size(right)[0]) / 2 + COLUMN_GAP
