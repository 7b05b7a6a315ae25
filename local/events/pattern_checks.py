"""Reads event patterns as EventBridge does when a rule is made: what it refuses is refused here. Pure.

Source: "Amazon EventBridge event patterns" in AWS's user guide, and its open implementation, Event Ruler.
"""

import ipaddress
import json
from collections.abc import Callable
from itertools import pairwise

from local.events.patterns import COMPARE, OR, WILDCARD_TOKENS, WITH_CASE, is_number, listed
from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record

LOWER, UPPER = (">", ">="), ("<", "<=")
LARGEST = 5e9
IN_BUT = ("prefix", "suffix", "equals-ignore-case", "wildcard")


class PatternError(ServiceError):
    """The pattern is not one that EventBridge takes."""

    def __init__(self, reason: str) -> None:
        super().__init__("InvalidEventPatternException", f"Event pattern is not valid. Reason: {reason}")


def read_pattern(text: str) -> Record:
    """Parses the JSON of a pattern. Raises PatternError."""
    try:
        pattern = json.loads(text)
    except ValueError as error:
        raise PatternError(f"it is not JSON: {error}") from error
    check_pattern(pattern)
    return dict(pattern)


def check_pattern(pattern: Json) -> None:
    """Raises PatternError for a pattern that EventBridge does not take."""
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    if not pattern:
        raise PatternError("Empty objects are not allowed")
    for name, below in pattern.items():
        if name == OR:
            _check_alternatives(below)
        elif isinstance(below, dict):
            check_pattern(below)
        else:
            _check_filters(name, below)


def _check_filters(name: str, wanted: Json) -> None:
    if not isinstance(wanted, list):
        raise PatternError(f'"{name}" must be an object or an array')
    if not wanted:
        raise PatternError("Empty arrays are not allowed")
    for each in wanted:
        _check_filter(each)


def _check_alternatives(alternatives: Json) -> None:
    if not isinstance(alternatives, list) or len(alternatives) < 2:
        raise PatternError('"$or" must be an array of at least two objects')
    for each in alternatives:
        check_pattern(each)


def _check_filter(wanted: Json) -> None:
    if isinstance(wanted, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    if not isinstance(wanted, dict):
        return
    if len(wanted) != 1:
        raise PatternError("Only one key allowed in match expression")
    ((kind, value),) = wanted.items()
    if kind not in CHECKS:
        raise PatternError(f"Unrecognized match type {kind}")
    CHECKS[kind](kind, value)


def _check_text(kind: str, value: Json) -> None:
    if kind in WITH_CASE and isinstance(value, dict) and value.keys() == {"equals-ignore-case"}:
        value = value["equals-ignore-case"]
    if not isinstance(value, str):
        raise PatternError(f"{kind} match pattern must be a string")
    if kind == "wildcard":
        _check_wildcard(value)


def _check_wildcard(value: str) -> None:
    tokens = WILDCARD_TOKENS.findall(value)
    if ("*", "*") in pairwise(tokens):
        raise PatternError("Consecutive wildcard characters are not allowed")
    if any(token[0] == "\\" and token not in (r"\*", r"\\") for token in tokens):
        raise PatternError("Invalid escape character in a wildcard")


def _check_but(kind: str, value: Json) -> None:
    if isinstance(value, dict):
        if len(value) != 1 or not value.keys() <= set(IN_BUT):
            raise PatternError(f"{kind} takes one of {', '.join(IN_BUT)}")
        ((inner, texts),) = value.items()
        for text in listed(texts):
            _check_text(inner, text)
        return
    kinds = {is_number(each) for each in listed(value)}
    if not kinds or not all(isinstance(each, str) or is_number(each) for each in listed(value)):
        raise PatternError(f"Value of {kind} must be an array or single string/number value.")
    if len(kinds) > 1:
        raise PatternError(f"Inside {kind} list, either all values are number or string, mixed type is not supported")


def _check_numeric(kind: str, value: Json) -> None:
    pairs = list(zip(value[::2], value[1::2], strict=False)) if isinstance(value, list) else []
    if not pairs or len(value) % 2:
        raise PatternError(f"Value of {kind} must be an array of operators and numbers.")
    for sign, number in pairs:
        if not isinstance(sign, str) or sign not in COMPARE:
            raise PatternError(f"Unrecognized numeric range operator: {sign}")
        if not is_number(number) or abs(number) > LARGEST:
            raise PatternError(f"Value of {sign} must be a number from -5.0e9 to 5.0e9.")
    signs = [sign for sign, _ in pairs]
    if len(pairs) > 2 or (len(pairs) == 2 and not (signs[0] in LOWER and signs[1] in UPPER)):
        raise PatternError(f"Too many elements in {kind} expression: a range has a lower and then an upper end")
    if len(pairs) == 2 and pairs[0][1] >= pairs[1][1]:
        raise PatternError("Bottom must be less than top")


def _check_exists(kind: str, value: Json) -> None:
    if not isinstance(value, bool):
        raise PatternError(f"{kind} match pattern must be either true or false.")


def _check_cidr(kind: str, value: Json) -> None:
    try:
        ipaddress.ip_network(value if isinstance(value, str) and "/" in value else "", strict=False)
    except ValueError as error:
        raise PatternError(f"Malformed {kind.upper()}: {error}") from error


CHECKS: dict[str, Callable[[str, Json], None]] = {
    **dict.fromkeys((*WITH_CASE, "equals-ignore-case", "wildcard"), _check_text),
    "anything-but": _check_but,
    "numeric": _check_numeric,
    "exists": _check_exists,
    "cidr": _check_cidr,
}
