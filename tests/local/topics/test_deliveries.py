"""A publisher does not hear of a delivery that fails; the subscription's dead-letter queue gets the message."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from local.server.embedded import LocalAws
from tests.local.support import ACCOUNT, REGION, client

Hear = Callable[[str], None]
GONE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone"


@pytest.fixture
def sns(aws: LocalAws) -> Any:
    return client(aws, "sns")


@pytest.fixture
def topic(sns: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.originalname.replace("_", "-")
    return str(sns.create_topic(Name=name)["TopicArn"])


def subscribe(sns: Any, topic: str, queue: str, **attributes: str) -> str:
    found = sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes, ReturnSubscriptionArn=True
    )
    return str(found["SubscriptionArn"])


def dead_letters(queue: str) -> dict[str, str]:
    return {"RedrivePolicy": json.dumps({"deadLetterTargetArn": queue})}


def test_a_queue_that_is_gone_keeps_no_message_from_others(
    sns: Any, topic: str, queue: tuple[str, str], receive: Callable[[], dict[str, Any]], hear: Hear
) -> None:
    subscription = subscribe(sns, topic, GONE)
    subscribe(sns, topic, queue[1])
    assert sns.publish(TopicArn=topic, Message="to both")["MessageId"]
    assert json.loads(receive()["Body"])["Message"] == "to both"
    hear(
        f"{GONE}: AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist; "
        "the message is lost, as the subscription has no dead-letter queue"
    )
    assert sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["Endpoint"] == GONE


def test_what_cannot_be_delivered_is_in_the_dead_letter_queue_as_it_would_have_been_delivered(
    sns: Any, topic: str, queue: tuple[str, str], receive: Callable[[], dict[str, Any]], hear: Hear
) -> None:
    subscribe(sns, topic, GONE, **dead_letters(queue[1]))
    batch = [{"Id": "1", "Message": "one", "Subject": "of one"}]
    assert [each["Id"] for each in sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=batch)["Successful"]]
    told = json.loads(receive()["Body"])
    assert (told["Message"], told["Subject"], told["TopicArn"]) == ("one", "of one", topic)
    hear(f"the message is in its dead-letter queue {queue[1]}")


def test_a_dead_letter_queue_that_is_gone_too(sns: Any, topic: str, hear: Hear) -> None:
    subscribe(sns, topic, GONE, **dead_letters(f"{GONE}-too"))
    assert sns.publish(TopicArn=topic, Message="m")["MessageId"]
    hear(f"the message is lost, as its dead-letter queue {GONE}-too does not take it: AWS.")


def test_a_web_server_that_is_gone(
    sns: Any, topic: str, queue: tuple[str, str], receive: Callable[[], dict[str, Any]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/told"
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=url, Attributes=dead_letters(queue[1]))
    assert sns.publish(TopicArn=topic, Message="to nobody")["MessageId"]
    assert json.loads(receive()["Body"])["Message"] == "to nobody"


def test_what_a_filter_keeps_out_is_not_a_dead_letter(sns: Any, sqs: Any, topic: str, queue: tuple[str, str]) -> None:
    subscribe(sns, topic, GONE, FilterPolicy='{"bay": ["A"]}', **dead_letters(queue[1]))
    assert sns.publish(TopicArn=topic, Message="m")["MessageId"]
    assert "Messages" not in sqs.receive_message(QueueUrl=queue[0])
