"""Checks templates of JSONPath: members whose name ends with `.$`."""

from collections.abc import Iterator

from local.protocol.json_types import Json, Record
from local.states.language.intrinsic_calls import read_call
from local.states.validation.problems import Problem, schema

TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
DYNAMIC = ".$"


def check_templates(state: Record, place: str) -> Iterator[Problem]:
    """What is wrong with the templates of a state."""
    for name in TEMPLATES:
        yield from _check(state.get(name), f"{place}/{name}")


def _check(value: Json, place: str) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check(item, f"{place}[{index}]")
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        if not name.endswith(DYNAMIC):
            yield from _check(item, f"{place}/{name}")
        elif not _is_dynamic(item):
            problem = f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
            yield schema(problem, place)


def _is_dynamic(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return value.startswith("$") or bool(read_call(value))
    except ValueError:
        return False
