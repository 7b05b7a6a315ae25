"""Finds out from the history of an execution what happened to each state.

The events are those that boto3 returns: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipelines.pictures.graph import Graph, Node, Status

Event = Mapping[str, Any]

# Endings of the event types that report a failure, such as `TaskFailed` and `LambdaFunctionTimedOut`.
FAILURES = ("Failed", "TimedOut", "Aborted")


@dataclass(frozen=True)
class Visit:
    """The last visit to a state. `ended` is None while the execution is still in the state."""

    status: Status
    entered: datetime
    ended: datetime | None

    @property
    def duration(self) -> str:
        """The time between entering and leaving, such as `0.41 s`; empty while the state is running."""
        return "" if self.ended is None else seconds((self.ended - self.entered).total_seconds())


def with_history(graph: Graph, events: Iterable[Event]) -> Graph:
    """A copy of the graph in which each state shows its status and duration instead of its detail."""
    seen = visits(list(events))
    return replace(graph, nodes=tuple(_visited(node, seen.get(node.name)) for node in graph.nodes))


def visits(events: list[Event]) -> dict[str, Visit]:
    """The last visit to each state that was entered, by the state's name."""
    by_id = {event["id"]: event for event in events}
    found: dict[str, Visit] = {}
    for event in sorted(events, key=lambda event: int(event["id"])):
        if "stateEnteredEventDetails" in event:
            found[event["stateEnteredEventDetails"]["name"]] = Visit("running", event["timestamp"], None)
        elif "stateExitedEventDetails" in event:
            name = event["stateExitedEventDetails"]["name"]
            before = by_id.get(event["previousEventId"], {"type": ""})
            # If the event before the exit is a failure, the state was left through one of its catches.
            status: Status = "caught" if before["type"].endswith(FAILURES) else "succeeded"
            found[name] = Visit(status, found[name].entered, event["timestamp"])
        elif event["type"].startswith("Execution") and event["type"].endswith(FAILURES):
            found = {name: _ended(visit, event["timestamp"]) for name, visit in found.items()}
    return found


def seconds(duration: float) -> str:
    """Formats a duration in seconds for people: `8 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if duration < 0.0995:
        return f"{duration * 1000:.0f} ms"
    if duration < 59.95:
        return f"{duration:.2f} s" if duration < 9.995 else f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s"


def _ended(visit: Visit, time: datetime) -> Visit:
    """Marks a visit as failed if the execution failed, was stopped or timed out during it."""
    return replace(visit, status="failed", ended=time) if visit.ended is None else visit


def _visited(node: Node, visit: Visit | None) -> Node:
    if node.shape == "start":
        return node
    if visit is None:
        return replace(node, status="not entered", detail="not entered")
    return replace(node, status=visit.status, detail=" · ".join(filter(None, (visit.status, visit.duration))))
