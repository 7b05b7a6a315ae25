"""Child executions of a map run: their results, as the state's output and as objects in S3 show them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.protocol.json_types import Json, Record
from local.states.language.times import text

PENDING, RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = (
    "PENDING",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "TIMED_OUT",
    "ABORTED",
)


@dataclass
class Child:
    """A child execution, which may not have started yet.

    `items` is how many items its input has. `history` is where the engine puts its events; None for express ones.
    """

    arn: str
    machine_arn: str
    input: Json
    items: int = 1
    status: str = PENDING
    output: Json = None
    error: str | None = None
    cause: str | None = None
    started: datetime | None = None
    stopped: datetime | None = None
    history: Any = None

    @property
    def name(self) -> str:
        """The name of the execution."""
        return self.arn.rpartition(":")[2]

    @property
    def unsuccessful(self) -> bool:
        """Whether it counts as failed."""
        return self.status in (FAILED, TIMED_OUT, ABORTED)

    def metadata(self) -> Record:
        """The execution with everything about it."""
        answer = {
            "ExecutionArn": self.arn,
            "Input": _json(self.input),
            "InputDetails": {"Included": True},
            "Name": self.name,
            "StateMachineArn": self.machine_arn,
            "Status": self.status,
            "StartDate": self.started and text(self.started),
            "StopDate": self.stopped and text(self.stopped),
            "Error": self.error,
            "Cause": self.cause,
        }
        if self.status == SUCCEEDED:
            answer.update(Output=_json(self.output), OutputDetails={"Included": True})
        return {name: value for name, value in answer.items() if value is not None}


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def results(children: list[Child], transformation: str) -> list[Json]:
    """What child executions gave: NONE is everything about them, COMPACT their outputs, FLATTEN also opens lists.

    Those that did not succeed show everything in any case.
    """
    found: list[Json] = []
    for child in children:
        if transformation == "NONE" or child.status != SUCCEEDED:
            found.append(child.metadata())
        elif transformation == "FLATTEN" and isinstance(child.output, list):
            found.extend(child.output)
        else:
            found.append(child.output)
    return found
