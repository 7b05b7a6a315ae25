"""Evaluates the conditions of condition steps. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from local.protocol.errors import DefinitionError
from local.protocol.json_types import Json

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda left, right: left == right,
    "GreaterThan": lambda left, right: left > right,
    "GreaterThanOrEqualTo": lambda left, right: left >= right,
    "LessThan": lambda left, right: left < right,
    "LessThanOrEqualTo": lambda left, right: left <= right,
}


def holds(condition: Mapping[str, Any], resolve: Callable[[Json], Json]) -> bool:
    """Whether a condition is true; `resolve` gives the values of its expressions. Raises DefinitionError."""
    kind = condition.get("Type", "")
    if kind == "Not":
        return not holds(condition.get("Condition") or condition["Expression"], resolve)
    if kind == "Or":
        return any(holds(item, resolve) for item in condition["Conditions"])
    if kind == "In":
        value = resolve(condition["QueryValue"])
        return any(_compare("Equals", value, resolve(item)) for item in condition["Values"])
    if kind not in COMPARISONS:
        raise DefinitionError(f"Unknown type of condition '{kind}'; expected Not, Or, In, {', '.join(COMPARISONS)}")
    return _compare(kind, resolve(condition["LeftValue"]), resolve(condition["RightValue"]))


def _compare(kind: str, left: Json, right: Json) -> bool:
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (left, right)]
    if not all(numbers) and type(left) is not type(right):
        raise DefinitionError(f"{kind} cannot compare {left!r} with {right!r}: one is a number, the other is not")
    return COMPARISONS[kind](left, right)
