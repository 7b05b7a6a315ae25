"""Checks retriers and catchers."""

from collections.abc import Iterator

from local.protocol.json_types import Json, Record
from local.states.validation.problems import Problem, required, schema
from local.states.validation.values import MOST_SECONDS, choice, integer, number

ALL = "States.ALL"
MOST_DELAY = 31_622_400  # a leap year


def check_retry(state: Record, place: str) -> Iterator[Problem]:
    """What is wrong with the retriers of a state."""
    for retrier, where in _rules(state, "Retry", place):
        if not isinstance(retrier, dict):
            yield schema("Expected value of type Object", where)
            continue
        yield from integer(retrier, "IntervalSeconds", where, least=1, most=MOST_SECONDS)
        yield from integer(retrier, "MaxAttempts", where, most=MOST_SECONDS)
        yield from integer(retrier, "MaxDelaySeconds", where, least=1, most=MOST_DELAY)
        yield from number(retrier, "BackoffRate", where, least=1)
        yield from choice(retrier, "JitterStrategy", ("FULL", "NONE"), where)
    yield from _check_errors(state, "Retry", place)


def check_catch(state: Record, place: str) -> Iterator[Problem]:
    """What is wrong with the catchers of a state."""
    for catcher, where in _rules(state, "Catch", place):
        if isinstance(catcher, dict) and "Next" not in catcher:
            yield required(["Next"], where)
    yield from _check_errors(state, "Catch", place)


def _rules(state: Record, key: str, place: str) -> Iterator[tuple[Json, str]]:
    rules = state.get(key)
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        yield rule, f"{place}/{key}[{index}]"


def _check_errors(state: Record, key: str, place: str) -> Iterator[Problem]:
    if key in state and not isinstance(state[key], list):
        yield schema("Expected value of type Array", f"{place}/{key}")
    rules = list(_rules(state, key, place))
    for position, (rule, where) in enumerate(rules, 1):
        names = rule.get("ErrorEquals") if isinstance(rule, dict) else None
        if not isinstance(names, list) or not names:
            yield required(["ErrorEquals"], where)
        elif ALL in names and (len(names) > 1 or position < len(rules)):
            yield schema(f"{ALL} must appear alone, and in the last rule", f"{where}/ErrorEquals")
