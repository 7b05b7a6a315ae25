"""What distributed maps read: documents, tables, listed objects and inventories."""

import gzip
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.states.distributed import Run, mapped, output
from tests.local.support import BUCKET

NUMBERS = itertools.count()


@pytest.fixture
def put(s3: Any) -> Callable[[str], dict[str, Any]]:
    """`put(text)`: the parameters that read an object with this text."""

    def store(text: str) -> dict[str, Any]:
        key = f"items/{next(NUMBERS)}"
        s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
        return {"Bucket": BUCKET, "Key": key}

    return store


@pytest.mark.parametrize(
    ("text", "config", "items"),
    [
        ("[1, {}]", {"InputType": "JSON"}, [1, {}]),
        ('{"a": {"b": [1]}}', {"InputType": "JSON", "ItemsPointer": "/a/b"}, [1]),
        ('{"x": 1}\n\n[2]\n', {"InputType": "JSONL"}, [{"x": 1}, [2]]),
        ("a;b\n1;2\n3\n", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "SEMICOLON"}, "rows"),
        (
            "1\t2\n3\n",
            {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"], "CSVDelimiter": "TAB"},
            "rows",
        ),
        ("[1, 2, 3]", {"InputType": "JSON", "MaxItems": 2}, [1, 2]),
    ],
)
def test_items_are_read(run: Run, put: Any, text: str, config: dict[str, Any], items: Any) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": put(text), "ReaderConfig": config}
    expected = [{"a": "1", "b": "2"}, {"a": "3", "b": ""}] if items == "rows" else items
    assert output(run(mapped(ItemReader=reader))) == expected


def test_objects_are_listed_all(run: Run, s3: Any) -> None:
    for number in range(3):
        s3.put_object(Bucket=BUCKET, Key=f"listed/{number}", Body=b"x")
    reader = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": BUCKET, "Prefix": "listed/", "MaxKeys": 1},
        "ReaderConfig": {"MaxItems": 2},
    }
    listed = output(run(mapped(ItemReader=reader)))
    assert [(item["Key"], item["Size"]) for item in listed] == [("listed/0", 1), ("listed/1", 1)]
    empty = {**reader, "Parameters": {"Bucket": BUCKET, "Prefix": "nothing/"}}
    assert output(run(mapped(ItemReader=empty))) == []


@pytest.mark.parametrize(
    ("most", "found"), [({}, [{"n": "1"}, {"n": "2"}, {"n": "3"}]), ({"MaxItems": 1}, [{"n": "1"}])]
)
def test_the_contents_of_listed_objects_are_items(run: Run, s3: Any, most: dict[str, Any], found: list[Any]) -> None:
    for key, text in {"a": "n\n1\n2\n", "b": "n\n3\n"}.items():
        s3.put_object(Bucket=BUCKET, Key=f"flattened/{key}", Body=text.encode())
    config = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "Transformation": "LOAD_AND_FLATTEN", **most}
    reader = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": BUCKET, "Prefix": "flattened/"},
        "ReaderConfig": config,
    }
    assert output(run(mapped(ItemReader=reader))) == found


@pytest.mark.parametrize("config", [{"InputType": "MANIFEST", "MaxItems": 3}, {"ManifestType": "S3_INVENTORY"}])
def test_the_objects_of_an_inventory_are_items(run: Run, put: Any, s3: Any, config: dict[str, Any]) -> None:
    files = []
    for number, rows in enumerate(('"photos","a%20b","1"\n"photos","c","2"\n', '"photos","d","3"\n"photos","e","4"\n')):
        files.append({"key": f"inventory/data/{number}.csv.gz", "size": 1, "MD5checksum": "x"})
        s3.put_object(Bucket=BUCKET, Key=files[-1]["key"], Body=gzip.compress(rows.encode()))
    manifest = {"destinationBucket": f"arn:aws:s3:::{BUCKET}", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size"}
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": put(json.dumps({**manifest, "files": files})),
        "ReaderConfig": config,
    }
    found = output(run(mapped(ItemReader=reader)))
    assert found[0] == {"Bucket": "photos", "Key": "a%20b", "Size": "1"}
    assert [each["Key"] for each in found] == ["a%20b", "c", "d", "e"][: config.get("MaxItems")]
    orc = {**reader, "Parameters": put(json.dumps({**manifest, "fileFormat": "ORC", "files": files}))}
    assert run(mapped(ItemReader=orc))["error"] == "States.ItemReaderFailed"


@pytest.mark.parametrize("text", ["{}", "[", "no json"])
def test_what_holds_no_items_fails_the_reader(run: Run, put: Any, text: str) -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": put(text),
        "ReaderConfig": {"InputType": "JSON"},
    }
    assert run(mapped(ItemReader=reader))["error"] == "States.ItemReaderFailed"
    missing = {**reader, "Parameters": {"Bucket": BUCKET, "Key": "items/no-such-key"}}
    assert run(mapped(ItemReader=missing))["error"] == "States.ItemReaderFailed"
