"""Waiting for data capture."""

import json
from typing import Any

import boto3
import pytest

from pipelines.aws import Aws
from pipelines.settings.naming import Names
from pipelines.waiting.captures import wait_for_captures


def capture(aws: Aws, names: Names, name: str, *inference_ids: str) -> None:
    lines = [json.dumps({"eventMetadata": {"inferenceId": each} if each else {}}) for each in inference_ids]
    key = f"capture/{names.endpoint}/AllTraffic/{name}.jsonl"
    aws.s3.put_object(Bucket=names.bucket, Key=key, Body="\n".join(lines) + "\n")


def test_every_line_of_every_file_counts(session: boto3.Session, names: Names, manual: Any) -> None:
    aws = Aws(session)
    capture(aws, names, "one", "a", "b", "")
    capture(aws, names, "two", "c")
    assert wait_for_captures(aws, names, {"a", "b", "c"}, 60, manual.clock) == set()
    assert manual.time == 0


def test_what_is_not_captured_in_time_is_missing(session: boto3.Session, names: Names, manual: Any) -> None:
    aws = Aws(session)
    capture(aws, names, "one", "a")
    assert wait_for_captures(aws, names, {"a", "b"}, 3, manual.clock) == {"b"}
    assert manual.time == 3


def test_nothing_sent_needs_no_waiting(session: boto3.Session, names: Names, manual: Any) -> None:
    assert wait_for_captures(Aws(session), names, set(), 60, manual.clock) == set()
    assert manual.time == 0


def test_captures_of_another_endpoint_do_not_count(session: boto3.Session, names: Names, manual: Any) -> None:
    body = json.dumps({"eventMetadata": {"inferenceId": "a"}})
    Aws(session).s3.put_object(Bucket=names.bucket, Key="capture/another/AllTraffic/one.jsonl", Body=body)
    assert wait_for_captures(Aws(session), names, {"a"}, 0, manual.clock) == {"a"}


@pytest.mark.parametrize(("sent", "lists", "reads"), [({"b"}, 4, 1), ({"a"}, 1, 1), (set(), 0, 0)])
def test_each_file_is_read_once(
    sent: set[str], lists: int, reads: int, session: boto3.Session, names: Names, manual: Any
) -> None:
    aws = Aws(session)
    capture(aws, names, "one", "a")
    calls: list[str] = []
    for operation in ("ListObjectsV2", "GetObject"):
        aws.s3.meta.events.register(f"before-call.s3.{operation}", lambda model, **_: calls.append(model.name))
    wait_for_captures(aws, names, sent, 3, manual.clock)
    assert (calls.count("ListObjectsV2"), calls.count("GetObject")) == (lists, reads)
