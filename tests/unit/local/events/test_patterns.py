"""Event patterns: what EventBridge takes, and which events match."""

import json
from typing import Any

import pytest

from local.events.pattern_checks import PatternError, check_pattern, read_pattern
from local.events.patterns import matches


def event(**detail: Any) -> dict[str, Any]:
    return {"source": "s", "resources": ["r1", "r2"], "detail": detail}


@pytest.mark.parametrize(
    ("wanted", "yes", "no"),
    [
        (["a", 1, None, True], ["a", 1, 1.0, None, True, ["x", "a"]], ["b", 2, False, "1", ["x"], {}]),
        ([0], [0], [False, ""]),
        ([{"prefix": "ab"}], ["abc"], ["xab", 1]),
        ([{"prefix": {"equals-ignore-case": "aB"}}], ["Abc"], ["xab"]),
        ([{"suffix": ".png"}], ["x.png"], ["x.PNG"]),
        ([{"suffix": {"equals-ignore-case": ".png"}}], ["x.PNG"], ["x.jpg"]),
        ([{"equals-ignore-case": "Yes"}], ["yEs"], ["no", 1]),
        ([{"anything-but": "a"}], ["b", 1, ["a", "b"]], ["a", ["a"]]),
        ([{"anything-but": [1, 2]}], [3, "1"], [1, 2.0]),
        ([{"anything-but": {"prefix": "a"}}], ["b"], ["ab"]),
        ([{"anything-but": {"suffix": ["a", "b"]}}], ["c"], ["xa", "xb"]),
        ([{"anything-but": {"equals-ignore-case": ["A"]}}], ["b"], ["a"]),
        ([{"anything-but": {"wildcard": "*/lib/*"}}], ["x/bin/y"], ["x/lib/y"]),
        ([{"numeric": [">", 0, "<=", 5]}], [5, 0.1], [0, 6, "3", True]),
        ([{"numeric": ["=", 3e0]}], [3], [4]),
        ([{"exists": True}], [1, None, [1]], [{}, [], {"a": 1}]),
        ([{"exists": False}], [{}, []], [1, None, [1]]),
        ([{"cidr": "10.0.0.0/24"}], ["10.0.0.255"], ["10.0.1.0", "x", 5]),
        ([{"cidr": "2001:db8::/32"}], ["2001:db8::1"], ["10.0.0.1"]),
        ([{"wildcard": "a*b*c"}], ["abc", "a1b2\n3c"], ["ab", "xabc"]),
        ([{"wildcard": r"a\*\\*"}], ["a*\\z"], ["ab\\z"]),
        ([{"prefix": "a"}, {"suffix": "b"}, "c"], ["a1", "1b", "c"], ["d"]),
    ],
)
def test_each_filter(wanted: list[Any], yes: list[Any], no: list[Any]) -> None:
    pattern = {"detail": {"x": wanted}}
    check_pattern(pattern)
    assert [value for value in yes if not matches(pattern, event(x=value))] == []
    assert [value for value in no if matches(pattern, event(x=value))] == []


def test_a_filter_wants_the_field_to_be_there_unless_it_says_otherwise() -> None:
    assert not matches({"detail": {"x": [{"anything-but": "a"}]}}, event())
    assert not matches({"detail": {"x": [None]}}, event())
    assert matches({"detail": {"x": [{"exists": False}]}}, event())
    assert matches({"detail": {"x": {"y": [{"exists": False}]}}}, event(x=1))


def test_of_an_array_of_objects_one_must_have_it_all() -> None:
    items = [{"name": "a", "size": 1}, {"name": "b", "size": 2, "parts": [{"id": 7}]}]
    assert matches({"detail": {"items": {"name": ["b"], "size": [2]}}}, event(items=items))
    assert not matches({"detail": {"items": {"name": ["a"], "size": [2]}}}, event(items=items))
    assert matches({"detail": {"items": {"parts": {"id": [7]}}}}, event(items=items))
    assert not matches({"detail": {"items": {"parts": {"id": [{"exists": False}]}}}}, event(items=items))
    assert matches({"resources": ["r2"]}, event())


def test_or_is_of_the_level_where_it_stands() -> None:
    pattern = {"source": ["s"], "detail": {"$or": [{"a": [1]}, {"b": [2], "c": [3]}], "d": [4]}}
    check_pattern(pattern)
    assert matches(pattern, event(a=1, d=4))
    assert matches(pattern, event(b=2, c=3, d=4))
    assert not matches(pattern, event(b=2, d=4))
    assert not matches(pattern, event(a=1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[", "it is not JSON"),
        ("[]", "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ('{"a": "b"}', '"a" must be an object or an array'),
        ('{"a": {"b": 1}}', '"b" must be an object or an array'),
        ('{"a": []}', "Empty arrays are not allowed"),
        ('{"a": [[1]]}', "Match value must be String, number, true, false, or null"),
        ('{"a": [{"like": "x"}]}', "Unrecognized match type like"),
        ('{"a": [{"prefix": "x", "suffix": "y"}]}', "Only one key allowed in match expression"),
        ('{"a": [{"prefix": 1}]}', "prefix match pattern must be a string"),
        ('{"a": [{"exists": "true"}]}', "exists match pattern must be either true or false"),
        ('{"a": [{"numeric": [">"]}]}', "must be an array of operators and numbers"),
        ('{"a": [{"numeric": ["~", 1]}]}', "Unrecognized numeric range operator: ~"),
        ('{"a": [{"numeric": [">", "1"]}]}', "Value of > must be a number"),
        ('{"a": [{"numeric": ["<", 5, ">", 1]}]}', "Too many elements"),
        ('{"a": [{"numeric": [">", 5, "<", 1]}]}', "Bottom must be less than top"),
        ('{"a": [{"anything-but": []}]}', "Value of anything-but must be an array or single string/number value"),
        ('{"a": [{"anything-but": [1, "a"]}]}', "mixed type is not supported"),
        ('{"a": [{"anything-but": {"numeric": [1]}}]}', "anything-but takes one of prefix"),
        ('{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR"),
        ('{"a": [{"wildcard": "a**"}]}', "Consecutive wildcard characters"),
        (r'{"a": [{"wildcard": "a\\b"}]}', "Invalid escape character"),
        ('{"$or": [{"a": [1]}]}', "at least two objects"),
    ],
)
def test_what_eventbridge_does_not_take_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PatternError) as raised:
        read_pattern(text)
    assert raised.value.code == "InvalidEventPatternException"
    assert raised.value.message.startswith("Event pattern is not valid. Reason: ")
    assert reason in raised.value.message


def test_a_pattern_is_read_from_json() -> None:
    pattern = {"source": ["s"], "detail": {"x": [{"exists": False}]}}
    assert read_pattern(json.dumps(pattern)) == pattern
