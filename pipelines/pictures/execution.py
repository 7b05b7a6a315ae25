"""Shows in a graph what happened to each state in an execution."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.histories import words
from pipelines.histories.visits import Event, Status, Visit, visits_of
from pipelines.pictures.graph import Graph, Node

LONGEST = 44  # characters of a line in a box
WORST_FIRST: tuple[Status, ...] = (
    "failed",
    "running",
    "caught",
    "succeeded",
)  # which colours a state that was visited several times


def with_history(graph: Graph, events: Iterable[Event], items: Mapping[str, words.Items]) -> Graph:
    """A copy of the graph in which each state shows what happened in it instead of its detail.

    `items` has the counts of those states that are distributed maps.
    """
    visits: dict[str, list[Visit]] = {}
    for visit in visits_of(events):
        visits.setdefault(visit.name, []).append(visit)
    return replace(graph, nodes=tuple(_visited(node, visits.get(node.name, []), items) for node in graph.nodes))


def _visited(node: Node, visits: Sequence[Visit], items: Mapping[str, words.Items]) -> Node:
    if node.shape == "start":
        return node
    if not visits:
        return replace(node, status="not entered", detail="not entered")
    status = next(each for each in WORST_FIRST if each in {visit.status for visit in visits})
    detail = " · ".join(filter(None, (words.outcome(visits), words.time(visits))))
    return replace(
        node, status=status, detail=detail, more=_more(node, visits, items), explanation=words.causes(visits)
    )


def _more(node: Node, visits: Sequence[Visit], items: Mapping[str, words.Items]) -> tuple[str, ...]:
    """Further lines: the payload's size and tries, the errors, and the items of a distributed map."""
    size = " · ".join(filter(None, (words.payload(visits), words.tries(visits))))
    counts = words.items(items[node.name]) if node.name in items else ""
    return tuple(_short(line) for line in (size, words.errors(visits), counts) if line)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
