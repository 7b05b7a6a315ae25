"""Evaluates the conditions of IAM policies. Pure.

Source: "IAM JSON policy elements: Condition operators" in AWS's user guide.
"""

import operator
from collections.abc import Callable
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

from local.protocol.json_types import Record

Lookup = Callable[[str], list[str] | None]  # values of a condition key in a request; None if absent
Compare = Callable[[str, str], bool]  # compares the value of a request with that of a policy


def like(value: str, pattern: str) -> bool:
    """Whether a text matches a pattern with * and ?."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def listed(value: Any) -> list[Any]:  # noqa: ANN401
    """A value of a policy as a list; policies may omit the list around a single value."""
    return value if isinstance(value, list) else [value]


def _by(convert: Callable[[str], Any], compare: Callable[[Any, Any], Any]) -> Compare:
    return lambda value, wanted: bool(compare(convert(value), convert(wanted)))


def _moment(text: str) -> float:
    from botocore.utils import parse_timestamp

    moment: float = parse_timestamp(text).timestamp()
    return moment


ORDER = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
OPERATORS: dict[str, Compare] = {
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": _by(str.lower, operator.eq),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": _by(str.lower, operator.eq),
    "BinaryEquals": operator.eq,
    "IpAddress": lambda value, wanted: ip_address(value) in ip_network(wanted, strict=False),
    **{f"Numeric{name}": _by(float, compare) for name, compare in ORDER.items()},
    **{f"Date{name}": _by(_moment, compare) for name, compare in ORDER.items()},
}


def hold(conditions: Record, lookup: Lookup) -> bool:
    """Whether all conditions of a statement hold. A condition with an unknown operator does not."""
    return all(
        _holds(name, lookup(key), [str(each) for each in listed(wanted)])
        for name, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds(name: str, values: list[str] | None, wanted: list[str]) -> bool:
    """Evaluates one operator with its prefix and suffix. If the key is absent, Not… operators hold."""
    combine, _, name = name.rpartition(":")
    if name == "Null":
        return (values is None) == (wanted[0].lower() == "true")
    plain = name.removesuffix("IfExists")
    compare, forbids = OPERATORS.get(plain.replace("Not", "")), "Not" in plain
    if compare is None:
        return False
    if values is None:
        return combine == "ForAllValues" or (combine == "" and (forbids or plain != name))
    found = [_among(value, wanted, compare) != forbids for value in values]
    return any(found) if combine == "ForAnyValue" else all(found)


def _among(value: str, wanted: list[str], compare: Compare) -> bool:
    try:
        return any(compare(value, each) for each in wanted)
    except ValueError:  # the value is not a number, date or address
        return False
