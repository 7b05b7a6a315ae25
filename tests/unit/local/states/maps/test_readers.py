from datetime import UTC, datetime
from typing import Any

import pytest

from local.states.maps.readers import items, listed, pointed

FIRST_ROW = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}


@pytest.mark.parametrize(
    ("text", "reader", "found"),
    [
        ('a,b\n"1,x",2\n', FIRST_ROW, [{"a": "1,x", "b": "2"}]),
        ("a|b\n1|2|3\n", {**FIRST_ROW, "CSVDelimiter": "PIPE"}, [{"a": "1", "b": "2"}]),
        ("a b\n1 2\n", {**FIRST_ROW, "CSVDelimiter": "SPACE"}, [{"a": "1", "b": "2"}]),
        ("a|b\nC:\\\\x\\| y|\\z\n", {**FIRST_ROW, "CSVDelimiter": "PIPE"}, [{"a": "C:\\x| y", "b": "z"}]),
        ("", FIRST_ROW, []),
        ('{"a": 1}\n\n2', {"InputType": "JSONL"}, [{"a": 1}, 2]),
    ],
)
def test_each_format_is_read(text: str, reader: dict[str, Any], found: list[Any]) -> None:
    assert items(text, reader) == found


@pytest.mark.parametrize(
    ("text", "reader", "problem"),
    [
        ("a,a\n1,2\n", FIRST_ROW, "duplicates"),
        ("{}", {"InputType": "JSON"}, "non-iterable"),
        ("{", {"InputType": "JSONL"}, "Expecting"),
        ('{"a": 1}', {"InputType": "JSON", "ItemsPointer": "/b"}, "no 'b'"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, reader: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        items(text, reader)


def test_a_pointer_goes_through_lists_and_escapes() -> None:
    assert pointed({"a/b": [{"~": 1}]}, "/a~1b/0/~0") == 1


def test_a_listed_object_is_spelled_as_on_aws() -> None:
    row = {"Key": "k", "ETag": "e", "Size": 1, "ChecksumType": "x", "LastModified": datetime(1970, 1, 2, tzinfo=UTC)}
    assert listed(row) == {"Etag": "e", "Key": "k", "Size": 1, "LastModified": 86400}
