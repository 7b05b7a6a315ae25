from typing import Any

import pytest

from local.protocol.errors import DefinitionError
from local.sagemaker.pipelines.conditions import holds


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


EQUAL, UNEQUAL = compare("Equals", 1, 1), compare("Equals", 1, 2)


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (EQUAL, True),
        (compare("Equals", "a", "b"), False),
        (compare("Equals", 1, 1.0), True),
        (compare("GreaterThan", 0.9, 0.9), False),
        (compare("GreaterThanOrEqualTo", 0.9, 0.9), True),
        (compare("GreaterThan", 0.9, 0.8), True),
        (compare("GreaterThanOrEqualTo", 0.8, 0.9), False),
        (compare("LessThan", 1, 2), True),
        (compare("LessThan", 2, 2), False),
        (compare("LessThan", 3, 2), False),
        (compare("LessThanOrEqualTo", 1, 2), True),
        (compare("LessThanOrEqualTo", 2, 2), True),
        (compare("LessThanOrEqualTo", 3, 2), False),
        (compare("Equals", True, True), True),
        (compare("LessThan", "a", "b"), True),
        ({"Type": "Not", "Condition": EQUAL}, False),
        ({"Type": "Not", "Expression": UNEQUAL}, True),
        ({"Type": "Or", "Conditions": [UNEQUAL, EQUAL]}, True),
        ({"Type": "Or", "Conditions": [UNEQUAL, UNEQUAL]}, False),
        ({"Type": "In", "QueryValue": "b", "Values": ["a", "b"]}, True),
        ({"Type": "In", "QueryValue": "c", "Values": ["a", "b"]}, False),
    ],
)
def test_conditions(condition: dict[str, Any], outcome: bool) -> None:
    assert holds(condition, lambda value: value) is outcome


def test_values_are_resolved() -> None:
    assert holds(compare("LessThan", "low", "high"), {"low": 1, "high": 2}.__getitem__)


def test_a_number_is_not_compared_with_a_text() -> None:
    with pytest.raises(DefinitionError, match=r"cannot compare '0.9' with 0.9"):
        holds(compare("Equals", "0.9", 0.9), lambda value: value)


def test_an_unknown_condition() -> None:
    with pytest.raises(DefinitionError, match="Unknown type of condition 'Almost'"):
        holds(compare("Almost", 1, 1), lambda value: value)
    with pytest.raises(DefinitionError, match="Unknown type of condition ''; expected Not, Or, In, Equals"):
        holds({}, lambda value: value)


@pytest.mark.parametrize(("left", "right"), [(True, 1), (0, False), (None, 0)])
def test_only_numbers_are_numbers(left: Any, right: Any) -> None:
    with pytest.raises(DefinitionError, match="one is a number, the other is not"):
        holds(compare("Equals", left, right), lambda value: value)


def test_what_follows_the_deciding_condition_is_not_resolved() -> None:
    values = {"one": 1}
    unknown = compare("Equals", "unknown", "unknown")
    assert holds({"Type": "Or", "Conditions": [compare("Equals", "one", "one"), unknown]}, values.__getitem__)
    assert holds({"Type": "In", "QueryValue": "one", "Values": ["one", "unknown"]}, values.__getitem__)
