import pytest

from local.iam.conditions import hold
from local.iam.policies import lookup_in

LOOKUP = lookup_in(
    {
        "text": "Abc",
        "arn": "arn:aws:sqs:e:1:q",
        "number": "5",
        "moment": "2026-07-15T10:00:00Z",
        "address": "127.0.0.1",
        "flag": "true",
        "tags": ["a", "b"],
    }
)


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "expected"),
    [
        ("StringEquals", "text", "Abc", True),
        ("StringEquals", "TEXT", ["x", "Abc"], True),
        ("StringEquals", "text", "abc", False),
        ("StringNotEquals", "text", ["x", "Abc"], False),
        ("StringEqualsIgnoreCase", "text", "aBC", True),
        ("StringNotEqualsIgnoreCase", "text", "aBC", False),
        ("StringLike", "text", "A?*", True),
        ("StringNotLike", "text", "A*", False),
        ("ArnLike", "arn", "arn:aws:sqs:*:q", True),
        ("ArnNotEquals", "arn", "arn:aws:sns:*", True),
        ("NumericLessThan", "number", "10", True),
        ("NumericLessThanEquals", "number", 5, True),
        ("NumericGreaterThan", "number", "5", False),
        ("NumericNotEquals", "number", "5.0", False),
        ("NumericEquals", "text", "5", False),
        ("DateGreaterThan", "moment", "2026-01-01T00:00:00Z", True),
        ("DateLessThanEquals", "moment", "2026-01-01", False),
        ("IpAddress", "address", ["10.0.0.0/8", "127.0.0.0/8"], True),
        ("NotIpAddress", "address", "127.0.0.1", False),
        ("Bool", "flag", True, True),
        ("Bool", "flag", "false", False),
        ("Null", "text", "false", True),
        ("Null", "text", "true", False),
        ("Null", "missing", True, True),
        ("ForAllValues:StringEquals", "tags", ["a", "b", "c"], True),
        ("ForAllValues:StringEquals", "tags", ["a"], False),
        ("ForAllValues:StringEquals", "missing", ["a"], True),
        ("ForAnyValue:StringEquals", "tags", ["b"], True),
        ("ForAnyValue:StringLike", "tags", ["c*"], False),
        ("ForAnyValue:StringEquals", "missing", ["a"], False),
        ("StringEquals", "missing", "x", False),
        ("StringNotEquals", "missing", "x", True),
        ("StringEqualsIfExists", "missing", "x", True),
        ("StringEqualsIfExists", "text", "x", False),
        ("NumericNotEqualsIfExists", "number", "6", True),
        ("Unheard", "text", "Abc", False),
    ],
)
def test_operators(operator: str, key: str, wanted: object, expected: bool) -> None:
    assert hold({operator: {key: wanted}}, LOOKUP) is expected


def test_all_conditions_must_hold() -> None:
    assert hold({"StringLike": {"text": "A*", "arn": "arn:*"}, "Bool": {"flag": "true"}}, LOOKUP)
    assert not hold({"StringLike": {"text": "A*", "arn": "x"}}, LOOKUP)
    assert hold({}, LOOKUP)
