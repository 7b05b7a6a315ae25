"""Items of ItemReader.

moto: lists the first thousand objects of S3, and fails if there is none; reads JSON and CSV with commas only; an object
that is not there is States.Runtime. AWS: lists all, reads JSON, JSON Lines, CSV with any of five delimiters, and
inventories, and what cannot be read is States.ItemReaderFailed.
"""

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from local.protocol.json_types import Json, Record
from local.states.language.failures import failure
from local.states.maps.inventories import inventory, is_inventory
from local.states.mending import replace, wrap

DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
LISTED = ("Key", "LastModified", "Size", "StorageClass")
FAILED = "States.ItemReaderFailed"
EVENT = "MapRunFailed"


def mend() -> None:
    """Lets ItemReader read as AWS does."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_eval_s3 import (
        ResourceEvalS3,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer import (  # noqa: E501
        transformer_json,
    )

    replace(ResourceEvalS3, "_handle_list_objects_v2", _list)
    replace(ResourceEvalS3, "_handle_get_object", _get)
    wrap(ResourceEvalS3, "eval_resource", _read)
    replace(transformer_json.ResourceOutputTransformerJson, "_eval_body", _transform)


def _read(read: Callable[..., None], self: Any, env: Any) -> None:
    from botocore.exceptions import ClientError

    try:
        read(self, env)
    except ClientError as error:
        raise failure(env, FAILED, str(error), EVENT) from error


def _get(self: Any, env: Any, part: Any, credentials: Any) -> None:
    s3, reader = _client(part, credentials), getattr(self, "reader", {})
    content = s3.get_object(**env.stack.pop())["Body"].read()
    if not is_inventory(reader):
        env.stack.append(_told(env, lambda: content.decode("utf-8-sig")))
        return
    opened = lambda bucket, key: s3.get_object(Bucket=bucket, Key=key)["Body"]  # noqa: E731
    objects = inventory(content.decode("utf-8", "replace"), opened)
    env.stack.append(_told(env, lambda: list(itertools.islice(objects, reader.get("MaxItems")))))


def _list(self: Any, env: Any, part: Any, credentials: Any) -> None:
    s3, reader = _client(part, credentials), getattr(self, "reader", {})
    parameters = env.stack.pop()
    pages = s3.get_paginator("list_objects_v2").paginate(**parameters)
    rows = (row for page in pages for row in page.get("Contents", ()))
    found: Iterator[Json] = map(listed, rows)
    if reader.get("Transformation") == "LOAD_AND_FLATTEN":
        bodies = (s3.get_object(Bucket=parameters["Bucket"], Key=row["Key"])["Body"] for row in rows)
        found = (item for body in bodies for item in items(body.read().decode("utf-8-sig"), reader))
    env.stack.append(_told(env, lambda: list(itertools.islice(found, reader.get("MaxItems")))))


def _told(env: Any, read: Callable[[], Any]) -> Any:
    """What `read` returns. Fails the execution if it raises ValueError, as it does for bytes that are not UTF-8."""
    try:
        return read()
    except ValueError as error:
        raise failure(env, FAILED, str(error), EVENT) from error


def _client(part: Any, credentials: Any) -> Any:
    from moto.stepfunctions.parser.asl.utils import boto_client

    return boto_client.boto_client_for(region=part.region, service="s3", state_credentials=credentials)


def listed(row: Record) -> Record:
    """An object of S3 as an item, spelled as AWS spells it."""
    item = {"Etag": row["ETag"], **{name: row[name] for name in LISTED if name in row}}
    modified = item.get("LastModified")
    return {**item, "LastModified": int(modified.timestamp())} if isinstance(modified, datetime) else item


def _transform(self: Any, env: Any) -> None:
    config = env.stack.pop()
    found = env.stack.pop()
    try:
        every = found if isinstance(found, list) else items(found, self.reader)
    except ValueError as error:
        raise failure(env, FAILED, str(error), EVENT) from error
    env.stack.append(every[: config["MaxItemsValue"]])


def items(text: str, reader: Record) -> list[Json]:
    """The items in an object, read as its ReaderConfig says. Raises ValueError if it does not hold a list."""
    if reader["InputType"] == "CSV":
        return rows(text, reader)
    if reader["InputType"] == "JSONL":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    value = pointed(json.loads(text), reader.get("ItemsPointer", ""))
    if not isinstance(value, list):
        raise ValueError("Attempting to map over non-iterable node.")  # noqa: TRY004
    return value


def pointed(value: Json, pointer: str) -> Json:
    """What a JSON pointer selects. Raises ValueError if that is nothing."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError(f"The ItemsPointer {pointer} selects nothing: there is no '{name}'") from error
    return value


def rows(text: str, reader: Record) -> list[Json]:
    """The rows of a CSV file: objects whose members are named by the headers. Missing fields are empty."""
    delimiter = DELIMITERS[reader.get("CSVDelimiter", "COMMA")]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar="\\")
    try:
        headers = next(lines, []) if reader.get("CSVHeaderLocation") == "FIRST_ROW" else reader["CSVHeaders"]
        if len(set(headers)) < len(headers):
            raise ValueError("CSV headers cannot contain duplicates.")
        return [dict(itertools.zip_longest(headers, row[: len(headers)], fillvalue="")) for row in lines]
    except csv.Error as error:
        raise ValueError(f"The object is not CSV: {error}") from error
