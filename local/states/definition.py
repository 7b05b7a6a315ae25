"""Rejects state machines with parts of the Amazon States Language that moto's engine cannot run."""

import json
import re
from collections.abc import Iterator

from local.protocol.errors import ValidationError
from local.protocol.json_types import Record, record

TASK = re.compile(r"arn:aws[a-z-]*:states:::(?P<service>[\w-]+):.*")
ACTIVITY = re.compile(r"arn:aws[a-z-]*:states:[^:]+:\d*:activity:.+")
SERVICES = ("lambda", "sqs", "sns", "events", "states", "dynamodb", "aws-sdk")
MEMBERS = ("Credentials",)  # of other accounts


def refuse_definition(text: str) -> None:
    """Raises ValidationError for a definition that the engine cannot run. Text that is not JSON is left to moto."""
    try:
        definition = json.loads(text)
    except ValueError:
        return
    for problem in _problems(record(definition)):
        raise ValidationError(f"The local AWS does not execute {problem}")


def _problems(program: Record) -> Iterator[str]:
    """The unsupported parts of a state machine, a branch of a Parallel state, or the processor of a Map state."""
    for name, state in record(program.get("States")).items():
        yield from (f"{problem} (state '{name}')" for problem in _of_state(record(state)))


def _of_state(state: Record) -> Iterator[str]:
    yield from (member for member in MEMBERS if member in state)
    if ACTIVITY.fullmatch(str(state.get("Resource", ""))):
        yield "activities"
    task = TASK.fullmatch(str(state.get("Resource", "")))
    if task and task["service"] not in SERVICES:
        yield f"Resource {state['Resource']}"
    for program in (*(state.get("Branches") or ()), state.get("ItemProcessor"), state.get("Iterator")):
        yield from _problems(record(program))
