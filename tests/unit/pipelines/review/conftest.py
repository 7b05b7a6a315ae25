"""A review queue and a bucket on moto, with photos that wait."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from PIL import Image

from pipelines.aws import Aws
from pipelines.review.answers import Reviewer
from pipelines.review.archive import Archive
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session
from pipelines.settings.naming import Names

CLASSES = ("bicycle", "motorcycle")
ANN, BEN = (Reviewer(f"arn:aws:sts::123456789012:assumed-role/Reviewers/{name}") for name in ("ann", "ben"))


def png(side: int = 40) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "PNG")
    return file.getvalue()


def document(names: Names, execution: str, **photo: Any) -> dict[str, Any]:
    """A record as the workflow writes it."""
    told = {
        "s3_bucket": names.bucket,
        "s3_key": f"photos/{execution}.png",
        "inference_id": execution,
        "decision": "low_confidence",
        "label": "bicycle",
        "confidence": 0.6,
        "labels": list(CLASSES),
        "inferences": [0.6, 0.3],
        "other": 0.1,
        "threshold": 0.9,
        "model_version": "v7",
    }
    return {"execution": execution, "since": "2026-03-02T08:30:00Z", "photo": {**told, **photo}}


@pytest.fixture
def aws(session: boto3.Session, names: Names) -> Aws:
    aws = Aws(session)
    aws.sqs.create_queue(QueueName=names.review_queue, Attributes={"VisibilityTimeout": "300"})
    return aws


@pytest.fixture
def archive(aws: Aws, names: Names) -> Archive:
    return Archive(aws, names)


@pytest.fixture
def queue(aws: Aws, names: Names, monkeypatch: pytest.MonkeyPatch) -> ReviewQueue:
    monkeypatch.setattr("pipelines.review.queue.WAIT_SECONDS", 0)
    return ReviewQueue(aws, names)


@pytest.fixture
def wait_for_review(aws: Aws, names: Names, queue: ReviewQueue) -> Callable[..., dict[str, Any]]:
    """`wait_for_review(execution)`: does what the workflow does with a photo that it cannot decide."""

    def keep(execution: str, **photo: Any) -> dict[str, Any]:
        made = document(names, execution, **photo)
        aws.s3.put_object(Bucket=names.bucket, Key=f"photos/{execution}.png", Body=png())
        aws.s3.put_object(Bucket=names.bucket, Key=f"review/waiting/{execution}.json", Body=json.dumps(made).encode())
        queue.send(json.dumps(made))
        return made

    return keep


@pytest.fixture
def review(archive: Archive, queue: ReviewQueue) -> Callable[..., Session]:
    """`review(reviewer, share)`: a session of somebody."""
    return lambda who=ANN, share=0.0: Session(archive, queue, who, CLASSES, share)


@pytest.fixture
def keys(aws: Aws, names: Names) -> Callable[[str], list[str]]:
    """`keys(prefix)`: what the bucket has below it."""

    def listed(prefix: str) -> list[str]:
        found = aws.s3.list_objects_v2(Bucket=names.bucket, Prefix=prefix).get("Contents", [])
        return [each["Key"] for each in found]

    return listed
