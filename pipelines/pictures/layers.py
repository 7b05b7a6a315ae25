"""Arranges a graph in rows: boxes, and between them the bends and labels of the arrows.

The method is that of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
(1981): first each box gets a rank, then each row gets an order. Rows of boxes alternate with rows for the labels of the
arrows that leave them.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean

import networkx as nx

from pipelines.pictures.graph import Edge, Graph, Node, Style

SWEEPS = 4  # passes down and up; the order hardly changes after the third
STARTS = 40  # random restarts of the search for an order; they take 0.2 s for ten states


@dataclass(frozen=True)
class Item:
    """Something that takes a place in a row: a box, a label or a bend.

    Arrows of the same style that lead to the same box share their bends, so that they join in one trunk.
    """

    row: int
    node: Node | None = None
    edge: Edge | None = None
    trunk: tuple[str, Style] | None = None

    @property
    def target(self) -> str:
        """The name of this box or, for a label or a bend, of the box that the arrow leads to."""
        if self.node:
            return self.node.name
        return self.edge.target if self.edge else self.trunk[0] if self.trunk else ""


@dataclass(frozen=True)
class Link:
    """A piece of an arrow between two neighbouring rows. `upward` is true for arrows that lead back in a loop."""

    upper: Item
    lower: Item
    style: Style
    upward: bool


Rows = list[list[Item]]


@dataclass(frozen=True)
class Layers:
    """Rows from top to bottom, with the items of each from left to right, and the links between the rows."""

    rows: Rows
    links: tuple[Link, ...]


def layers_of(graph: Graph) -> Layers:
    """Arranges a graph in rows so that few links cross."""
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
    """Counts the pairs of links that cross."""
    place = _places(rows)
    between: dict[int, list[tuple[int, int]]] = {}
    for link in links:
        between.setdefault(link.upper.row, []).append((place[link.upper], place[link.lower]))
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for pairs in between.values() for a, b in combinations(pairs, 2))


def _loops(graph: Graph) -> set[Edge]:
    """The arrows that lead back in a loop. Without them the graph has no cycles and can be drawn from top to bottom."""
    loops: set[Edge] = set()
    while True:
        rest = nx.DiGraph((edge.source, edge.target, {"edge": edge}) for edge in graph.edges if edge not in loops)
        try:
            *_, (source, target) = nx.find_cycle(rest, [node.name for node in graph.nodes if node.name in rest])
        except nx.NetworkXNoCycle:
            return loops
        loops |= {edge for edge in graph.edges if (edge.source, edge.target) == (source, target)}


def _ranks(graph: Graph, loops: set[Edge]) -> dict[str, int]:
    """Ranks each node by its longest path from a start, then moves it down until it is just above the next node."""
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
    """Cuts an arrow into links at every row that it crosses. Its label takes the place of the first bend."""
    first, last = boxes[edge.source], boxes[edge.target]
    if upward:
        first, last = last, first
    path = [Item(row, trunk=(edge.target, edge.style)) for row in range(first.row + 1, last.row)]
    if edge.label:
        path[0] = Item(first.row + 1, edge=edge)
    for upper, lower in pairwise([first, *path, last]):
        yield Link(upper, lower, edge.style, upward)


def _untangled(rows: Rows, links: tuple[Link, ...]) -> Rows:
    """Orders each row for as few crossings as possible by the barycentre method: items are sorted by their neighbours.

    The method finds a local minimum only. It is therefore restarted many times, each time with the trunks moved to the
    left, to the right or not at all at random. Among equally good orders, the one closest to the definition's wins.
    """
    natural = _places(rows)
    trunks = list(dict.fromkeys(item.trunk[0] for row in rows for item in row if item.trunk))
    chance = random.Random(0)  # noqa: S311 - a fixed seed, so that the picture stays the same  # nosec B311
    best, best_cost = rows, _cost(rows, links, natural)
    if best_cost == (0, 0):  # nothing crosses in the order of the definition, as in most pipelines
        return best
    for _ in range(STARTS):
        for tried in _sweeps(rows, links):
            if (cost := _cost(tried, links, natural)) < best_cost:
                best, best_cost = tried, cost
        sides = {name: chance.choice((-1, 0, 1)) for name in trunks}
        rows = [_sided(row, sides, natural) for row in rows]
    return best


def _sided(row: list[Item], sides: dict[str, int], natural: dict[Item, int]) -> list[Item]:
    """Moves items to the left (-1) or right (1) end of a row, by the box they lead to; the others keep their order."""
    return sorted(row, key=lambda item: (sides.get(item.target, 0), natural[item]))


def _cost(rows: Rows, links: tuple[Link, ...], natural: dict[Item, int]) -> tuple[int, int]:
    """The number of crossings, then the number of pairs that are in the reverse order of the definition."""
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
    """Sorts each row by the mean place of the items' neighbours; items without neighbours stay about where they are."""
    found = [list(row) for row in rows]
    place = _places(found)
    for row in reversed(found) if reverse else found:
        row.sort(key=lambda item: fmean(place[each] for each in neighbours.get(item, [item])))
        place |= _places([row])
    return found


def _places(rows: Rows) -> dict[Item, int]:
    return {item: place for row in rows for place, item in enumerate(row)}
