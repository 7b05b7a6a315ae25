"""Checks values of members."""

import re
from collections.abc import Iterator

from local.protocol.json_types import Json, Record
from local.states.validation.problems import Problem, schema

MOST_SECONDS = 99_999_999
BELOW = "numeric instance is lower than the required minimum (minimum: {}, found: {})"
ABOVE = "numeric instance is greater than the required maximum (maximum: {}, found: {})"
EXPRESSION = re.compile(r"\{%.*%\}", re.DOTALL)


def is_expression(value: Json) -> bool:
    """Whether a value is an expression of JSONata."""
    return isinstance(value, str) and EXPRESSION.fullmatch(value) is not None


def integer(holder: Record, name: str, place: str, *, least: int = 0, most: int | None = None) -> Iterator[Problem]:
    """Checks an integer, if it is there."""
    value = holder.get(name)
    if value is None or is_expression(value):
        return
    if isinstance(value, bool) or not isinstance(value, int):
        yield schema("Expected value of type Integer", f"{place}/{name}")
    elif value < least:
        yield schema(BELOW.format(least, value), f"{place}/{name}")
    elif most is not None and value > most:
        yield schema(
            f"numeric instance is greater than the required maximum (maximum: {most}, found: {value})",
            f"{place}/{name}",
        )


def number(holder: Record, name: str, place: str, *, least: float, most: float | None = None) -> Iterator[Problem]:
    """Checks a number, if it is there."""
    value = holder.get(name)
    if value is None or is_expression(value):
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield schema("Expected value of type Number", f"{place}/{name}")
    elif value < least or (most is not None and value > most):
        limit = f"at least {least}" if most is None else f"between {least} and {most}"
        yield schema(f"The value must be {limit}", f"{place}/{name}")


def seconds(holder: Record, name: str, place: str) -> Iterator[Problem]:
    """Checks a time limit, if it is there: a positive number of seconds."""
    yield from integer(holder, name, place, least=1, most=MOST_SECONDS)


def one_of(holder: Record, names: tuple[str, ...], place: str) -> Iterator[Problem]:
    """Checks that exactly one of these members is there."""
    found = [name for name in names if name in holder]
    if len(found) != 1:
        had = f"found [{', '.join(found)}]" if found else "found none"
        yield schema(f"Exactly one of these fields is required: [{', '.join(names)}], {had}", place)


def at_most_one(holder: Record, names: tuple[str, ...], place: str) -> Iterator[Problem]:
    """Checks that not two of these members are there."""
    if sum(name in holder for name in names) > 1:
        yield schema(f"Only one of these fields is allowed: [{', '.join(names)}]", place)


def choice(holder: Record, name: str, allowed: tuple[str, ...], place: str) -> Iterator[Problem]:
    """Checks that a member, if it is there, has one of these values."""
    if name in holder and holder[name] not in allowed:
        yield schema(f"Value is not valid. Possible values are: [{', '.join(allowed)}]", f"{place}/{name}")


def unwanted(holder: Record, names: tuple[str, ...], place: str) -> Iterator[Problem]:
    """Checks that members are not there."""
    for name in names:
        if name in holder:
            yield schema(f"Field '{name}' is not supported", f"{place}/{name}")
