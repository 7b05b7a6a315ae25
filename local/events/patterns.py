"""Matches events with the patterns of EventBridge's rules. Pure.

Source: "Amazon EventBridge event patterns" in AWS's user guide, and its open implementation, Event Ruler.
"""

import ipaddress
import operator
import re
from collections.abc import Callable, Iterator

from local.protocol.json_types import Json, Record

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WITH_CASE = ("prefix", "suffix")  # which may ignore the case
OR = "$or"
WILDCARD_TOKENS = re.compile(r"\\.?|[^\\]", re.DOTALL)


def matches(pattern: Record, event: Record) -> bool:
    """Whether an event is one for which a pattern asks; `check_pattern` has accepted the pattern.

    Of an array of objects, one must have all that the pattern says about them.
    """
    return _matches(pattern, event, event, ())


def _matches(pattern: Record, value: Json, event: Record, path: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return any(_matches(pattern, item, event, path) for item in value)
    members = value if isinstance(value, dict) else {}
    for name, below in pattern.items():
        here = (*path, name)
        if name == OR:
            found = any(_matches(each, value, event, path) for each in below)
        elif isinstance(below, dict):
            found = _matches(below, members.get(name), event, here)
        else:
            leaves = list(_leaves(members.get(name))) if name in members else []
            found = any(_holds(each, leaves, event, here) for each in below)
        if not found:
            return False
    return True


def _holds(wanted: Json, leaves: list[Json], event: Record, path: tuple[str, ...]) -> bool:
    """Whether a filter holds for one of the leaves of a field; that none exists is asked of the whole event."""
    if not isinstance(wanted, dict):
        return any(_equal(leaf, wanted) for leaf in leaves)
    ((kind, value),) = wanted.items()
    if kind == "exists":
        return bool(leaves) if value else not any(True for _ in _at(event, path))
    return any(TESTS[kind](leaf, value) for leaf in leaves)


def _at(value: Json, path: tuple[str, ...]) -> Iterator[Json]:
    """The leaves of an event at a path, in any element of arrays on the way."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        yield from _leaves(value)
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif not isinstance(value, dict):
        yield value


def _equal(leaf: Json, wanted: Json) -> bool:
    if is_number(leaf) and is_number(wanted):
        return bool(leaf == wanted)
    return type(leaf) is type(wanted) and bool(leaf == wanted)


def _text_test(kind: str) -> Callable[[Json, Json], bool]:
    def test(leaf: Json, value: Json) -> bool:
        if not isinstance(leaf, str):
            return False
        text, wanted = leaf, str(value)
        if isinstance(value, dict):
            text, wanted = leaf.lower(), value["equals-ignore-case"].lower()
        if kind == "prefix":
            return text.startswith(wanted)
        return text.endswith(wanted) if kind == "suffix" else text.lower() == wanted.lower()

    return test


def _test_but(leaf: Json, value: Json) -> bool:
    if isinstance(value, dict):
        ((kind, texts),) = value.items()
        return not any(TESTS[kind](leaf, text) for text in listed(texts))
    return not any(_equal(leaf, each) for each in listed(value))


def _test_numeric(leaf: Json, value: Json) -> bool:
    pairs = zip(value[::2], value[1::2], strict=True)
    return is_number(leaf) and all(COMPARE[sign](leaf, number) for sign, number in pairs)


def _test_cidr(leaf: Json, value: Json) -> bool:
    try:
        return isinstance(leaf, str) and ipaddress.ip_address(leaf) in ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False


TESTS: dict[str, Callable[[Json, Json], bool]] = {
    **{kind: _text_test(kind) for kind in (*WITH_CASE, "equals-ignore-case")},
    "anything-but": _test_but,
    "numeric": _test_numeric,
    "cidr": _test_cidr,
    "wildcard": lambda leaf, value: isinstance(leaf, str) and bool(_wildcard(value).fullmatch(leaf)),
}


def _wildcard(text: str) -> re.Pattern[str]:
    """The regular expression of a wildcard, in which a backslash escapes `*` and itself."""
    pieces = WILDCARD_TOKENS.findall(text)
    return re.compile("".join(".*" if piece == "*" else re.escape(piece[-1]) for piece in pieces), re.DOTALL)


def listed(value: Json) -> list[Json]:
    """A list as it is, another value as a list of one."""
    return value if isinstance(value, list) else [value]


def is_number(value: Json) -> bool:
    """Whether a value is a number of JSON, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)
