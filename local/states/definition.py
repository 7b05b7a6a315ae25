"""Rejects state machines with parts of the Amazon States Language that AWS executes, but this engine does not."""

import json
import re
from collections.abc import Iterator

from local.protocol.errors import ValidationError
from local.protocol.json_types import Record, record

TASK = re.compile(r"arn:aws[a-z-]*:states:::(?P<service>[\w-]+):.*")
ACTIVITY = re.compile(r"arn:aws[a-z-]*:states:[^:]+:\d*:activity:.+")
SERVICES = ("lambda", "sqs", "sns", "events", "states", "dynamodb", "aws-sdk")
INPUT_TYPES = ("CSV", "JSON", "JSONL", "MANIFEST")
READER = (
    *("InputType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter", "MaxItems", "MaxItemsPath", "ItemsPointer"),
    *("ManifestType", "Transformation"),
)


def refuse_definition(text: str) -> None:
    """Raises ValidationError for a definition that the engine cannot run. What is no definition is left to others."""
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
    if state.get("Credentials"):
        yield "Credentials"  # of other accounts
    if ACTIVITY.fullmatch(str(state.get("Resource", ""))):
        yield "activities"
    task = TASK.fullmatch(str(state.get("Resource", "")))
    if task and task["service"] not in SERVICES:
        yield f"Resource {state['Resource']}"
    yield from _of_map(state)
    for program in (*(state.get("Branches") or ()), state.get("ItemProcessor"), state.get("Iterator")):
        yield from _problems(record(program))


def _of_map(state: Record) -> Iterator[str]:
    config = record(record(state.get("ItemReader")).get("ReaderConfig"))
    if config.get("InputType", "JSON") not in INPUT_TYPES:
        yield f"InputType {config['InputType']} of ItemReader"
    if config.get("ManifestType", "S3_INVENTORY") != "S3_INVENTORY":
        yield f"ManifestType {config['ManifestType']} of ItemReader"
    yield from (f"{name} of ItemReader" for name in config if name not in READER)
    writer = record(state.get("ResultWriter"))
    if "Resource" not in writer and record(writer.get("WriterConfig")).get("OutputType") == "JSONL":
        yield "OutputType JSONL of a ResultWriter without Resource"
