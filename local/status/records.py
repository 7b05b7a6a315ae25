"""What the status page shows, as plain records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

GOOD = {"Succeeded", "SUCCEEDED", "Completed", "InService", "Approved", "OK"}
BAD = {"Failed", "FAILED", "TIMED_OUT", "OutOfService", "Rejected", "ALARM"}
STOPPED = {"Stopped", "ABORTED", "INSUFFICIENT_DATA"}


@dataclass(frozen=True)
class Step:
    """A step of an execution, or a state that it was in. `end` is None while it lasts."""

    name: str
    status: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Run:
    """Something that runs, or ran, and has a page of its own below `link`."""

    name: str
    status: str
    start: datetime
    end: datetime | None = None
    link: str = ""
    reason: str = ""

    @property
    def seconds(self) -> str:
        """How long it took; empty while it lasts."""
        return _seconds(self.end - self.start) if self.end else ""

    @property
    def tone(self) -> str:
        """How the page shows the status: good, bad, stopped or busy."""
        return tone(self.status)


@dataclass(frozen=True)
class Execution:
    """An execution of a pipeline or a state machine, with its steps in the order of their start."""

    run: Run
    kind: str
    steps: tuple[Step, ...]
    input: str = ""
    output: str = ""


@dataclass(frozen=True)
class Amount:
    """A name with numbers: the messages of a queue, the versions of a group."""

    name: str
    values: dict[str, str]
    link: str = ""


@dataclass(frozen=True)
class Alarm:
    """An alarm with its state, why it has it, and since when."""

    name: str
    state: str
    reason: str
    since: datetime

    @property
    def tone(self) -> str:
        """How the page shows the state: good, bad or stopped."""
        return tone(self.state)


@dataclass(frozen=True)
class Overview:
    """The first page."""

    executions: tuple[Run, ...] = ()
    workflows: tuple[Run, ...] = ()
    jobs: tuple[Run, ...] = ()
    endpoints: tuple[Run, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    versions: tuple[Amount, ...] = ()
    queues: tuple[Amount, ...] = ()
    functions: tuple[Amount, ...] = ()
    happened: tuple[str, ...] = ()


def newest(found: Iterable[Run], most: int) -> tuple[Run, ...]:
    """Those that started last, the newest first."""
    return tuple(sorted(found, key=lambda run: run.start, reverse=True)[:most])


def tone(status: str) -> str:
    """How the page shows a status: good, bad, stopped or busy."""
    kinds = {"good": GOOD, "bad": BAD, "stopped": STOPPED}
    return next((name for name, statuses in kinds.items() if status in statuses), "busy")


def _seconds(took: timedelta) -> str:
    return f"{took.total_seconds():.1f} s"
