"""Checks states, each by its type."""

from collections.abc import Callable, Iterator

from local.protocol.json_types import Record, record
from local.states.language.choices import timestamp
from local.states.validation.distributed import check_map
from local.states.validation.errors import check_catch, check_retry
from local.states.validation.operations import is_known
from local.states.validation.problems import Problem, required, schema
from local.states.validation.templates import check_templates
from local.states.validation.values import MOST_SECONDS, at_most_one, integer, is_expression, one_of, seconds, unwanted

UNKNOWN_RESOURCE = (
    "The resource provided {} is not recognized. The value is not a valid resource ARN, or the resource is not "
    "available in this region."
)
Check = Callable[[Record, str], Iterator[Problem]]


def check_state(state: Record, place: str, language: str) -> Iterator[Problem]:
    """What is wrong with a state, apart from programs within it and the names of other states."""
    kind = state.get("Type")
    if kind is None:
        yield required(["Type"], place)
        return
    if kind not in CHECKS:
        yield schema(f"Value is not valid. Possible values are: [{', '.join(CHECKS)}]", f"{place}/Type")
        return
    inner = state.get("QueryLanguage", language)
    if language == "JSONata" and inner == "JSONPath":
        yield schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", place)
    yield from CHECKS[kind](state, place)
    if inner == "JSONPath":
        yield from check_templates(state, place)


def _follow(state: Record, place: str) -> Iterator[Problem]:
    """Checks what comes after a state: another one, or the end."""
    if "End" in state and not isinstance(state["End"], bool):
        yield schema("Expected value of type Boolean", f"{place}/End")
        return
    following = [name for name in ("Next", "End") if state.get(name)]
    if len(following) != 1:
        yield schema("A state must have either 'Next' or 'End'", place)
    if "Next" in state and not isinstance(state["Next"], str):
        yield schema("Expected value of type String", f"{place}/Next")


def _pass(state: Record, place: str) -> Iterator[Problem]:
    yield from _follow(state, place)


def _end(state: Record, place: str) -> Iterator[Problem]:
    yield from unwanted(state, ("Next", "End", "Retry", "Catch"), place)


def _choice(state: Record, place: str) -> Iterator[Problem]:
    yield from unwanted(state, ("Next", "End", "Retry", "Catch"), place)
    rules = state.get("Choices")
    if rules is None:
        yield required(["Choices"], place)
    elif not isinstance(rules, list) or not rules:
        yield schema("Expected a non-empty Array", f"{place}/Choices")
    else:
        for index, rule in enumerate(rules):
            if "Next" not in record(rule):
                yield required(["Next"], f"{place}/Choices[{index}]")


def _wait(state: Record, place: str) -> Iterator[Problem]:
    yield from _follow(state, place)
    yield from one_of(state, ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"), place)
    yield from integer(state, "Seconds", place, most=MOST_SECONDS)
    until = state.get("Timestamp")
    if until is not None and timestamp(until) is None and not is_expression(until):
        yield schema("String does not match RFC3339 timestamp", f"{place}/Timestamp")


def _executing(state: Record, place: str) -> Iterator[Problem]:
    yield from _follow(state, place)
    yield from check_retry(state, place)
    yield from check_catch(state, place)


def _task(state: Record, place: str) -> Iterator[Problem]:
    yield from _executing(state, place)
    if not isinstance(state.get("Resource"), str):
        yield required(["Resource"], place)
    elif not is_known(state["Resource"]):
        yield schema(UNKNOWN_RESOURCE.format(state["Resource"]), f"{place}/Resource")
    if "Credentials" in state and not {"RoleArn", "RoleArn.$"} & record(state["Credentials"]).keys():
        yield schema("The field 'RoleArn' is required but was missing", f"{place}/Credentials")
    for name in ("TimeoutSeconds", "HeartbeatSeconds"):
        yield from seconds(state, name, place)
        yield from at_most_one(state, (name, f"{name}Path"), place)
    limit, beat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if isinstance(limit, int) and isinstance(beat, int) and beat >= limit:
        yield schema("HeartbeatSeconds must be smaller than TimeoutSeconds", f"{place}/HeartbeatSeconds")


def _parallel(state: Record, place: str) -> Iterator[Problem]:
    yield from _executing(state, place)
    branches = state.get("Branches")
    if branches is None:
        yield required(["Branches"], place)
    elif not isinstance(branches, list) or not branches:
        yield schema("Expected a non-empty Array", f"{place}/Branches")


def _map(state: Record, place: str) -> Iterator[Problem]:
    yield from _executing(state, place)
    yield from check_map(state, place)


CHECKS: dict[str, Check] = {
    "Task": _task,
    "Pass": _pass,
    "Choice": _choice,
    "Wait": _wait,
    "Succeed": _end,
    "Fail": _end,
    "Parallel": _parallel,
    "Map": _map,
}
