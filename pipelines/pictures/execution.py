"""What happened to each state, from an execution's history.

Events: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html, as boto3 gives them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipelines.pictures.graph import Graph, Node, Status

Event = Mapping[str, Any]

# How a state fails before its catches or the execution's end are reached; `TaskFailed`, `LambdaFunctionTimedOut` …
FAILURES = ("Failed", "TimedOut", "Aborted")


@dataclass(frozen=True)
class Visit:
    """A state's last visit; one that was never left has no end, unless the execution ended in it."""

    status: Status
    entered: datetime
    ended: datetime | None

    @property
    def duration(self) -> str:
        """`0.41 s`; empty while it runs."""
        return "" if self.ended is None else seconds((self.ended - self.entered).total_seconds())


def with_history(graph: Graph, events: Iterable[Event]) -> Graph:
    """The graph with each state's status and duration in place of its detail."""
    seen = visits(list(events))
    return replace(graph, nodes=tuple(_visited(node, seen.get(node.name)) for node in graph.nodes))


def visits(events: list[Event]) -> dict[str, Visit]:
    """The last visit of every state that was entered."""
    by_id = {event["id"]: event for event in events}
    found: dict[str, Visit] = {}
    for event in sorted(events, key=lambda event: int(event["id"])):
        if "stateEnteredEventDetails" in event:
            found[event["stateEnteredEventDetails"]["name"]] = Visit("running", event["timestamp"], None)
        elif "stateExitedEventDetails" in event:
            name = event["stateExitedEventDetails"]["name"]
            before = by_id.get(event["previousEventId"], {"type": ""})
            # A state that is left right after a failure was left through one of its catches.
            status: Status = "caught" if before["type"].endswith(FAILURES) else "succeeded"
            found[name] = Visit(status, found[name].entered, event["timestamp"])
        elif event["type"].startswith("Execution") and event["type"].endswith(FAILURES):
            found = {name: _ended(visit, event["timestamp"]) for name, visit in found.items()}
    return found


def seconds(duration: float) -> str:
    """A duration in seconds as people read it: `8 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if duration < 0.0995:
        return f"{duration * 1000:.0f} ms"
    if duration < 59.95:
        return f"{duration:.2f} s" if duration < 9.995 else f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s"


def _ended(visit: Visit, time: datetime) -> Visit:
    """A state in which the execution failed, was stopped, or ran out of time, failed with it."""
    return replace(visit, status="failed", ended=time) if visit.ended is None else visit


def _visited(node: Node, visit: Visit | None) -> Node:
    if node.shape == "start":
        return node
    if visit is None:
        return replace(node, status="not entered", detail="not entered")
    return replace(node, status=visit.status, detail=" · ".join(filter(None, (visit.status, visit.duration))))
