import hashlib
from typing import Any

import pytest

from local.states.language.jsonata import declarations, evaluate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$sum([1, 2.5])", 3.5),
        ('{"a": null, "b": [[1]]}', {"a": None, "b": [[1]]}),
        ("$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
        ("$range(0, 10, 5)", [0, 5, 10]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$range(1, 1, 1)", 1),
        ("$hash('x', 'SHA-256')", hashlib.sha256(b"x").hexdigest()),
        ('$parse("{\\"a\\": [1, null]}")', {"a": [1, None]}),
        ("$random(7) = $random(7) and $random() < 1", True),
        ("$uuid() != $uuid()", True),
        ("$nothing", None),
    ],
)
def test_expressions_have_values_of_json(expression: str, value: Any) -> None:
    assert evaluate(expression) == value


@pytest.mark.parametrize("expression", ["1 +", "1 / 0", "$hash('x', 'SHA')", "$nosuch()", "$parse('{')", "$sum"])
def test_what_cannot_be_evaluated_is_an_error_of_jsonata(expression: str) -> None:
    from moto.stepfunctions.parser.asl.jsonata.jsonata import JSONataException

    with pytest.raises(JSONataException):
        evaluate(expression)


def test_a_variable_may_hold_any_text() -> None:
    text = 'a "quoted"\n\\ text, é'
    assert evaluate(f"({declarations({'$t': text})}$t)") == text
