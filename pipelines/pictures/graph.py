"""The content of a picture, boxes and arrows, before a layout gives them places."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Shape = Literal["start", "task", "choice", "pass", "fail", "succeed", "many"]
Style = Literal["next", "catch"]
Status = Literal["succeeded", "failed", "caught", "running", "not entered"]


@dataclass(frozen=True)
class Node:
    """A box for a state or a step, or the dot at the start, which has no name.

    `detail` is its second line of text, `more` are the lines below, and `explanation` is its tooltip.
    """

    name: str
    shape: Shape
    detail: str = ""
    status: Status | None = None
    more: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True)
class Edge:
    """An arrow. `label` is written on it; `explanation` is its tooltip."""

    source: str
    target: str
    label: str = ""
    style: Style = "next"
    explanation: str = ""


@dataclass(frozen=True)
class Graph:
    """The content of a picture. The first node is the start."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def description(self) -> str:
        """The picture in words, for readers who cannot see it."""
        states = [f"{node.name} ({', '.join((node.detail, *node.more))})" for node in self.nodes if node.name]
        arrows = [
            f"{edge.source or 'start'} to {edge.target}" + (f" ({edge.explanation})" if edge.explanation else "")
            for edge in self.edges
        ]
        return f"{'; '.join(states)}. Arrows: {'; '.join(arrows)}."


def merged(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Merges arrows of the same style between the same two boxes, and leaves out arrows from a box to itself."""
    groups: dict[tuple[str, str, Style], list[Edge]] = {}
    for edge in edges:
        if edge.source != edge.target:
            groups.setdefault((edge.source, edge.target, edge.style), []).append(edge)
    return tuple(map(_joined, groups.values()))


def _joined(edges: list[Edge]) -> Edge:
    """The first arrow; its label says how many others it stands for, as in `timeout +2`."""
    labels = list(dict.fromkeys(edge.label for edge in edges if edge.label))
    explanations = dict.fromkeys(edge.explanation or edge.label for edge in edges if edge.label)
    more = f" +{len(labels) - 1}" if len(labels) > 1 else ""
    return replace(edges[0], label="".join(labels[:1]) + more, explanation="; ".join(explanations))
