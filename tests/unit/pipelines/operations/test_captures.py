"""Waiting for data capture."""

import json
from typing import Any

import boto3

from pipelines.aws import Aws
from pipelines.operations.captures import wait_for_captures
from pipelines.settings.naming import Names


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
