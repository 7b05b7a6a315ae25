"""Visits to states, read from the history of an execution.

The events are those that boto3 returns: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

Event = Mapping[str, Any]
Status = Literal["succeeded", "failed", "caught", "running"]

# Endings of the event types that report a failure, such as `TaskFailed` and `LambdaFunctionTimedOut`.
ERRORS = ("Failed", "TimedOut")
FAILURES = (*ERRORS, "Aborted")
TRIES = ("TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled")
# Failures of what a state consists of. The state that caused them has the error itself.
OUTER = ("Execution", "MapIteration", "MapState", "ParallelState")


@dataclass(frozen=True)
class Problem:
    """An error that a state met, whether it was retried, caught or neither."""

    error: str
    cause: str = ""


@dataclass(frozen=True)
class Visit:
    """One visit to a state. `ended` is None while the execution is still in the state.

    `tries` counts how often its task was begun; 0 for states without one. Sizes are in bytes, None where the history
    does not hold the data. `map_run` is the ARN of the run that a distributed map has started.
    """

    name: str
    status: Status
    entered: datetime
    ended: datetime | None = None
    tries: int = 0
    problems: tuple[Problem, ...] = ()
    input_bytes: int | None = None
    output_bytes: int | None = None
    map_run: str | None = None

    @property
    def seconds(self) -> float | None:
        """The time between entering and leaving."""
        return None if self.ended is None else (self.ended - self.entered).total_seconds()


def visits_of(events: Iterable[Event]) -> list[Visit]:
    """All visits, in the order of entering, given all events in any order.

    An event names the one before it, so that each is known to belong to a visit even where branches run side by side.
    """
    by_id = {int(event["id"]): event for event in events}
    found: dict[int, Visit] = {}  # by the event of entering
    owners: dict[int, int] = {}  # for each event, the event of entering that it belongs to
    for number, event in sorted(by_id.items()):
        before = int(event["previousEventId"])
        if "stateEnteredEventDetails" in event:
            owners[number], found[number] = number, _entered(event)
        elif "stateExitedEventDetails" in event:
            owner = _left(event, found, by_id)
            if owner:
                owners[number] = owner
                found[owner] = _exited(found[owner], event, by_id[before])
        elif str(event["type"]).startswith("Execution"):
            found = {entry: _ended(visit, event) for entry, visit in found.items()}
        elif before in owners:
            owners[number] = owners[before]
            found[owners[number]] = _went_on(found[owners[number]], event)
    return list(found.values())


def _entered(event: Event) -> Visit:
    details = event["stateEnteredEventDetails"]
    return Visit(details["name"], "running", event["timestamp"], input_bytes=_size(details, "input"))


def _left(event: Event, found: Mapping[int, Visit], by_id: Mapping[int, Event]) -> int | None:
    """The event of entering that belongs to this one of leaving: the nearest before it of the same state."""
    name = event["stateExitedEventDetails"]["name"]
    earlier = (number for number in _back(event, by_id) if number in found and found[number].name == name)
    return next(earlier, None)


def _back(event: Event, by_id: Mapping[int, Event]) -> Iterator[int]:
    """The events that led to this one, the last first."""
    while (before := int(event["previousEventId"])) in by_id:
        yield before
        event = by_id[before]


def _exited(visit: Visit, event: Event, before: Event) -> Visit:
    """If the event before the exit is a failure, the state was left through one of its catches."""
    status: Status = "caught" if str(before["type"]).endswith(FAILURES) else "succeeded"
    size = _size(event["stateExitedEventDetails"], "output")
    return replace(visit, status=status, ended=event["timestamp"], output_bytes=size)


def _ended(visit: Visit, event: Event) -> Visit:
    """Marks a visit as failed if the execution failed, was stopped or timed out during it."""
    kind = str(event["type"])
    if visit.ended or not kind.endswith(FAILURES):
        return visit
    problems = visit.problems or (_problem(event),)
    return replace(visit, status="failed", ended=event["timestamp"], problems=problems)


def _went_on(visit: Visit, event: Event) -> Visit:
    kind = str(event["type"])
    if kind in TRIES:
        return replace(visit, tries=visit.tries + 1)
    if kind == "MapRunStarted":
        return replace(visit, map_run=event["mapRunStartedEventDetails"]["mapRunArn"])
    if kind.endswith(ERRORS) and not kind.startswith(OUTER):
        return replace(visit, problems=(*visit.problems, _problem(event)))
    return visit


def _problem(event: Event) -> Problem:
    details: Event = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return Problem(details.get("error") or str(event["type"]), details.get("cause") or "")


def _size(details: Mapping[str, Any], name: str) -> int | None:
    """The size of an input or an output; None where the history has it not, or not all of it."""
    text = details.get(name)
    whole = not details.get(f"{name}Details", {}).get("truncated", False)
    return len(text.encode()) if isinstance(text, str) and whole else None
