"""What a picture shows: boxes and arrows, before anything has a place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Shape = Literal["start", "task", "choice", "pass", "fail", "succeed", "many"]
Style = Literal["next", "catch"]
Status = Literal["succeeded", "failed", "caught", "running", "not entered"]


@dataclass(frozen=True)
class Node:
    """A box: a state or a step; the dot at the start has no name. `detail` is its second line."""

    name: str
    shape: Shape
    detail: str = ""
    status: Status | None = None


@dataclass(frozen=True)
class Edge:
    """An arrow. `label` is written on it, `explanation` shows when one points at it."""

    source: str
    target: str
    label: str = ""
    style: Style = "next"
    explanation: str = ""


@dataclass(frozen=True)
class Graph:
    """A picture's content. The first node is where it starts."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def description(self) -> str:
        """The picture in words, for who cannot see it."""
        states = [f"{node.name} ({node.detail})" for node in self.nodes if node.name]
        arrows = [
            f"{edge.source or 'start'} to {edge.target}" + (f" ({edge.explanation})" if edge.explanation else "")
            for edge in self.edges
        ]
        return f"{'; '.join(states)}. Arrows: {'; '.join(arrows)}."


def merged(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """One arrow for those of one style between the same two boxes; arrows of a box to itself are not drawn."""
    groups: dict[tuple[str, str, Style], list[Edge]] = {}
    for edge in edges:
        if edge.source != edge.target:
            groups.setdefault((edge.source, edge.target, edge.style), []).append(edge)
    return tuple(map(_joined, groups.values()))


def _joined(edges: list[Edge]) -> Edge:
    """The first arrow, its label counting the others."""
    labels = list(dict.fromkeys(edge.label for edge in edges if edge.label))
    explanations = dict.fromkeys(edge.explanation or edge.label for edge in edges if edge.label)
    more = f" +{len(labels) - 1}" if len(labels) > 1 else ""
    return replace(edges[0], label="".join(labels[:1]) + more, explanation="; ".join(explanations))
