"""A graph as layers: boxes, and between them the bends and labels of the arrows.

After Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981): ranks,
then an order within each row. Rows alternate: the boxes of a rank, then the labels of the arrows that leave them.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean

import networkx as nx

from pipelines.pictures.graph import Edge, Graph, Node, Style

SWEEPS = 4  # down and up; the order hardly changes after the third
STARTS = 40  # of the search for an order; 0.2 s for ten states


@dataclass(frozen=True)
class Item:
    """Something with a place in a row: a box, a label, or a bend.

    Arrows of one style to one box share their bends, so that they join in one trunk.
    """

    row: int
    node: Node | None = None
    edge: Edge | None = None
    trunk: tuple[str, Style] | None = None

    @property
    def target(self) -> str:
        """The name of the box that it is, or that its arrow leads to."""
        if self.node:
            return self.node.name
        return self.edge.target if self.edge else self.trunk[0] if self.trunk else ""


@dataclass(frozen=True)
class Link:
    """A piece of an arrow, from an item to one in the next row; the pieces of a loop lead upward."""

    upper: Item
    lower: Item
    style: Style
    upward: bool


Rows = list[list[Item]]


@dataclass(frozen=True)
class Layers:
    """Rows from top to bottom, each from left to right, and the links between them."""

    rows: Rows
    links: tuple[Link, ...]


def layers_of(graph: Graph) -> Layers:
    """Rows and links of a graph, with few crossings."""
    loops = _loops(graph)
    ranks = _ranks(graph, loops)
    boxes = {node.name: Item(2 * ranks[node.name], node=node) for node in graph.nodes}
    links = dict.fromkeys(link for edge in graph.edges for link in _links(edge, boxes, upward=edge in loops))
    items = nx.DiGraph([(link.upper, link.lower) for link in links])
    items.add_nodes_from(boxes.values())
    rows: Rows = [[] for _ in range(1 + max(item.row for item in items))]
    for item in nx.dfs_preorder_nodes(items):
        rows[item.row].append(item)
    return Layers(_untangled(rows, tuple(links)), tuple(links))


def crossings(rows: Rows, links: Collection[Link]) -> int:
    """How many pairs of links cross."""
    place = _places(rows)
    between: dict[int, list[tuple[int, int]]] = {}
    for link in links:
        between.setdefault(link.upper.row, []).append((place[link.upper], place[link.lower]))
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for pairs in between.values() for a, b in combinations(pairs, 2))


def _loops(graph: Graph) -> set[Edge]:
    """Arrows that lead back; without them there is an order from top to bottom."""
    loops: set[Edge] = set()
    while True:
        rest = nx.DiGraph((edge.source, edge.target, {"edge": edge}) for edge in graph.edges if edge not in loops)
        try:
            *_, (source, target) = nx.find_cycle(rest, [node.name for node in graph.nodes if node.name in rest])
        except nx.NetworkXNoCycle:
            return loops
        loops |= {edge for edge in graph.edges if (edge.source, edge.target) == (source, target)}


def _ranks(graph: Graph, loops: set[Edge]) -> dict[str, int]:
    """The longest way from a start to each node; then what leads on moves down to what it leads to."""
    order: nx.DiGraph[str] = nx.DiGraph()
    order.add_nodes_from(node.name for node in graph.nodes)
    for edge in graph.edges:
        order.add_edge(*((edge.target, edge.source) if edge in loops else (edge.source, edge.target)))
    generations = list(nx.topological_generations(order))
    ranks = {name: rank for rank, names in enumerate(generations) for name in names}
    for names in reversed(generations):
        for name in names:
            ranks[name] = min((ranks[following] - 1 for following in order[name]), default=ranks[name])
    return ranks


def _links(edge: Edge, boxes: dict[str, Item], *, upward: bool) -> Iterator[Link]:
    """An arrow cut at every row that it crosses; its label takes the place of the first bend."""
    first, last = boxes[edge.source], boxes[edge.target]
    if upward:
        first, last = last, first
    path = [Item(row, trunk=(edge.target, edge.style)) for row in range(first.row + 1, last.row)]
    if edge.label:
        path[0] = Item(first.row + 1, edge=edge)
    for upper, lower in pairwise([first, *path, last]):
        yield Link(upper, lower, edge.style, upward)


def _untangled(rows: Rows, links: tuple[Link, ...]) -> Rows:
    """The order with the fewest crossings that sorting by the middle of the neighbours finds.

    It finds the nearest good order only, so it starts often, with each trunk on one side or the other by chance.
    Of equally good orders it keeps the one most like the definition.
    """
    natural = _places(rows)
    trunks = list(dict.fromkeys(item.trunk[0] for row in rows for item in row if item.trunk))
    chance = random.Random(0)  # noqa: S311 (the same picture every time)
    best, best_cost = rows, _cost(rows, links, natural)
    for _ in range(STARTS):
        for tried in _sweeps(rows, links):
            if (cost := _cost(tried, links, natural)) < best_cost:
                best, best_cost = tried, cost
        sides = {name: chance.choice((-1, 0, 1)) for name in trunks}
        rows = [_sided(row, sides, natural) for row in rows]
    return best


def _sided(row: list[Item], sides: dict[str, int], natural: dict[Item, int]) -> list[Item]:
    """A row with what belongs to some boxes on its left or right, else in its natural order."""
    return sorted(row, key=lambda item: (sides.get(item.target, 0), natural[item]))


def _cost(rows: Rows, links: tuple[Link, ...], natural: dict[Item, int]) -> tuple[int, int]:
    """Crossings, and pairs of neighbours that the definition has the other way round."""
    swapped = sum(natural[left] > natural[right] for row in rows for left, right in combinations(row, 2))
    return crossings(rows, links), swapped


def _sweeps(rows: Rows, links: tuple[Link, ...]) -> Iterator[Rows]:
    uppers: dict[Item, list[Item]] = {}
    lowers: dict[Item, list[Item]] = {}
    for link in links:
        lowers.setdefault(link.upper, []).append(link.lower)
        uppers.setdefault(link.lower, []).append(link.upper)
    for sweep in range(2 * SWEEPS):
        rows = _swept(rows, uppers if sweep % 2 == 0 else lowers, reverse=sweep % 2 == 1)
        yield rows


def _swept(rows: Rows, neighbours: dict[Item, list[Item]], *, reverse: bool) -> Rows:
    """Each row sorted by its neighbours in the row before; items without any keep their place."""
    found = [list(row) for row in rows]
    for row in reversed(found) if reverse else found:
        place = _places(found)
        row.sort(key=lambda item: fmean(place[each] for each in neighbours.get(item, [item])))
    return found


def _places(rows: Rows) -> dict[Item, int]:
    return {item: place for row in rows for place, item in enumerate(row)}
