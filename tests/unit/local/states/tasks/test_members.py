import io
from datetime import UTC, datetime

import pytest

from local.states.tasks.members import answer, cased, operation


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("executionArn", "ExecutionArn"),
        ("ETag", "ETag"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("MD5OfMessageBody", "Md5OfMessageBody"),
        ("DBInstances", "DbInstances"),
        ("ChecksumCRC32", "ChecksumCRC32"),
        ("ARN", "Arn"),
    ],
)
def test_members_are_spelled_as_on_aws(name: str, spelled: str) -> None:
    assert cased(name) == spelled


def test_an_answer_becomes_plain_json() -> None:
    given = {
        "Body": io.BytesIO("é".encode()),
        "LastModified": datetime(2026, 1, 31, tzinfo=UTC),
        "Metadata": {"myKey": "v"},
        "SSEKMSKeyId": "k",
    }
    assert answer(given, operation("s3", "get_object").output_shape) == {
        "Body": "é",
        "LastModified": "2026-01-31T00:00:00.000Z",
        "Metadata": {"myKey": "v"},
        "SsekmsKeyId": "k",
    }


def test_bytes_that_are_no_text_become_base64() -> None:
    assert answer({"Body": b"\xff"}, operation("s3", "get_object").output_shape) == {"Body": "/w=="}


def test_members_within_lists_are_spelled_too() -> None:
    given = {"executions": [{"executionArn": "a"}], "nextToken": None}
    shaped = answer(given, operation("stepfunctions", "list_executions").output_shape)
    assert shaped == {"Executions": [{"ExecutionArn": "a"}], "NextToken": None}
