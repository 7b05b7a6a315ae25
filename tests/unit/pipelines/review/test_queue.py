"""What the queue is asked for, and what its answers mean."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import AwsError
from pipelines.review.queue import AGAIN_SECONDS, LEASE_SECONDS, Message, ReviewQueue

Asked = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def asked(aws: Aws) -> Asked:
    """The calls of SQS from now on, with their parameters except the queue's URL."""
    calls: Asked = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append((model.name, {name: value for name, value in params.items() if name != "QueueUrl"}))

    aws.sqs.meta.events.register("provide-client-params.sqs", note)
    return calls


def received(queue: ReviewQueue) -> Message:
    queue.send("a record")
    message = queue.receive()
    assert message is not None
    return message


def test_a_message_belongs_to_who_received_it(queue: ReviewQueue, asked: Asked) -> None:
    assert received(queue).body == "a record"
    asked_for = {"MaxNumberOfMessages": 1, "WaitTimeSeconds": 0, "VisibilityTimeout": LEASE_SECONDS}
    assert asked[-1] == ("ReceiveMessage", asked_for)
    assert queue.receive() is None


def test_a_message_is_kept_for_longer_or_given_back(queue: ReviewQueue, asked: Asked) -> None:
    message = received(queue)
    assert queue.extend(message) is True
    assert asked[-1][1] == {"ReceiptHandle": message.receipt, "VisibilityTimeout": LEASE_SECONDS}
    queue.release(message)
    assert asked[-1][1] == {"ReceiptHandle": message.receipt, "VisibilityTimeout": 0}
    assert queue.receive() is not None


def test_a_message_is_handed_on_as_a_new_one_and_later(queue: ReviewQueue, asked: Asked) -> None:
    message = received(queue)
    queue.hand_on(message)
    assert asked[-2:] == [
        ("SendMessage", {"MessageBody": "a record", "DelaySeconds": AGAIN_SECONDS}),
        ("DeleteMessage", {"ReceiptHandle": message.receipt}),
    ]
    assert queue.length() == 1


def test_a_message_that_somebody_else_may_have_is_told(aws: Aws, queue: ReviewQueue) -> None:
    message = received(queue)
    queue.finish(message)
    assert queue.extend(message) is False
    aws.sqs.delete_queue(QueueUrl=queue.url)
    with pytest.raises(ClientError, match=r"NonExistentQueue|QueueDoesNotExist"):
        queue.extend(message)


def test_messages_are_counted_whoever_has_them(queue: ReviewQueue) -> None:
    received(queue)
    queue.send("another one")
    queue.send("a delayed one", 60)
    assert queue.length() == 3


def test_how_long_messages_are_kept(aws: Aws, queue: ReviewQueue) -> None:
    aws.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"MessageRetentionPeriod": "1209600"})
    assert queue.retention_seconds() == 1_209_600


def test_a_queue_that_is_missing_is_named(aws: Aws, queue: ReviewQueue) -> None:
    url = aws.sqs.list_queues()["QueueUrls"][0]
    aws.sqs.delete_queue(QueueUrl=url)
    with pytest.raises(AwsError, match=f"there is no queue {url.rpartition('/')[2]}; `scones deploy` creates it"):
        queue.receive()
