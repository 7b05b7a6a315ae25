"""New objects of a bucket that asks for it become events on the bus, each once, in AWS's shape."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.local.support import ACCOUNT, BUCKET, REGION, Wait, client

ASKS, SILENT = "uploads-asks", "uploads-silent"
HARD = "photos/a b+c%20ü/" + "x" * 1006  # 1,024 bytes, some of which an address has to escape
TEMPLATE = """
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads-of-a-stack
      NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: %s}}
"""


@pytest.fixture(scope="module")
def uploads(aws: Any, s3: Any, sqs: Any) -> Iterator[str]:
    """The URL of a queue that gets every event about new objects below `photos/`."""
    events = client(aws, "events")
    url = str(sqs.create_queue(QueueName="uploads")["QueueUrl"])
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "photos/"}]}}}
    events.put_rule(Name="uploads", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="uploads", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:uploads"}])
    for bucket in (ASKS, SILENT):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_notification_configuration(Bucket=ASKS, NotificationConfiguration={"EventBridgeConfiguration": {}})
    yield url
    events.remove_targets(Rule="uploads", Ids=["1"])
    events.delete_rule(Name="uploads")


@pytest.fixture
def told(sqs: Any, uploads: str, wait: Wait) -> Callable[[int], list[dict[str, Any]]]:
    """`told(n)`: the next n events, in the order in which they happened."""

    def collect(count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []

        def look() -> dict[str, Any]:
            messages = sqs.receive_message(QueueUrl=uploads, MaxNumberOfMessages=10).get("Messages", [])
            for message in messages:
                sqs.delete_message(QueueUrl=uploads, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
            return {"n": len(found), "found": found}

        wait(look, "n", count, seconds=20)
        return sorted(found, key=lambda event: str(event["detail"]["object"]["sequencer"]))

    return collect


def test_each_way_to_make_an_object_is_one_event(s3: Any, told: Callable[[int], list[dict[str, Any]]]) -> None:
    s3.put_object(Bucket=SILENT, Key=HARD, Body=b"unheard")
    s3.put_object(Bucket=ASKS, Key="other/place", Body=b"does not match")
    put = s3.put_object(Bucket=ASKS, Key=HARD, Body=b"12345")
    s3.copy_object(Bucket=ASKS, Key="photos/copy", CopySource={"Bucket": ASKS, "Key": HARD})
    upload = s3.create_multipart_upload(Bucket=ASKS, Key="photos/parts")["UploadId"]
    given = {"Bucket": ASKS, "Key": "photos/parts", "UploadId": upload}
    part = s3.upload_part(**given, PartNumber=1, Body=b"part")
    done = s3.complete_multipart_upload(**given, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    s3.delete_object(Bucket=ASKS, Key="photos/copy")
    first, second, third = told(3)
    assert [each["detail"]["reason"] for each in (first, second, third)] == [
        "PutObject",
        "CopyObject",
        "CompleteMultipartUpload",
    ]
    assert third["detail"]["object"]["etag"] == done["ETag"].strip('"')
    assert (first["source"], first["detail-type"], first["region"]) == ("aws.s3", "Object Created", REGION)
    assert first["resources"] == [f"arn:aws:s3:::{ASKS}"]
    made = first["detail"]
    assert (made["version"], made["bucket"], made["requester"]) == ("0", {"name": ASKS}, ACCOUNT)
    assert made["object"].pop("sequencer") < second["detail"]["object"]["sequencer"]
    assert made["object"] == {"key": HARD, "size": 5, "etag": put["ETag"].strip('"')}
    assert re.fullmatch("[A-Z0-9]{16}", made["request-id"])


def test_versions_are_named(s3: Any, told: Callable[[int], list[dict[str, Any]]]) -> None:
    s3.put_bucket_versioning(Bucket=ASKS, VersioningConfiguration={"Status": "Enabled"})
    versions = [s3.put_object(Bucket=ASKS, Key="photos/v", Body=b"v")["VersionId"] for _ in range(2)]
    assert [event["detail"]["object"]["version-id"] for event in told(2)] == versions


def test_a_template_switches_events_on_and_off(aws: Any, s3: Any, told: Callable[[int], list[dict[str, Any]]]) -> None:
    stacks = client(aws, "cloudformation")
    stacks.create_stack(StackName="uploads", TemplateBody=TEMPLATE % "true")
    s3.put_object(Bucket="uploads-of-a-stack", Key="photos/on", Body=b"1")
    stacks.update_stack(StackName="uploads", TemplateBody=TEMPLATE % "false")
    s3.put_object(Bucket="uploads-of-a-stack", Key="photos/off", Body=b"1")
    stacks.update_stack(StackName="uploads", TemplateBody=TEMPLATE % "'true'")
    s3.put_object(Bucket="uploads-of-a-stack", Key="photos/on-again", Body=b"1")
    assert [event["detail"]["object"]["key"] for event in told(2)] == ["photos/on", "photos/on-again"]


def test_what_a_bucket_asks_for_can_be_read(s3: Any, uploads: str) -> None:
    assert s3.get_bucket_notification_configuration(Bucket=ASKS)["EventBridgeConfiguration"] == {}
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=BUCKET)
