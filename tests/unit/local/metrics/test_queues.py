"""The depths of queues are those of the messages in them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moto import mock_aws
from moto.sqs.models import Message, Queue, sqs_backends

from local.metrics.queues import EVERY_SECONDS, QueueDepths, depths
from local.runtime.context import Context
from local.runtime.measured import Measured

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = 86_400


def message(sent: float, **more: Any) -> Message:
    """A message that was sent so many seconds before noon."""
    made: Any = Message("1", "text")
    made.sent_timestamp = int((NOON.timestamp() - sent) * 1000)
    vars(made).update(more)
    return made


def depth(*messages: Message) -> dict[str, float]:
    queue = Queue("scones", "eu-west-1", "1", MessageRetentionPeriod=DAY)
    queue._messages.extend(messages)
    return {name.removeprefix("Approximate"): value for name, value, _ in depths(queue, NOON.timestamp())}


def test_what_waits_what_is_worked_on_and_what_is_not_yet_there() -> None:
    soon = (NOON.timestamp() + 60) * 1000
    found = depth(message(10), message(90), message(20, visible_at=soon), message(30, delayed_until=soon))
    assert found == {
        "NumberOfMessagesVisible": 2,
        "NumberOfMessagesNotVisible": 1,
        "NumberOfMessagesDelayed": 1,
        "AgeOfOldestMessage": 90,
    }


def test_messages_that_the_queue_would_have_dropped_do_not_count() -> None:
    assert set(depth(message(DAY + 1)).values()) == {0}


def test_the_age_leaves_out_what_was_received_three_times() -> None:
    found = depth(message(500, approximate_receive_count=3), message(40, approximate_receive_count=2))
    assert (found["NumberOfMessagesVisible"], found["AgeOfOldestMessage"]) == (2, 40)


def test_values_are_published_when_they_change_and_once_a_minute(tmp_path: Path) -> None:
    published: list[Measured] = []
    moment = NOON
    watch = QueueDepths(published.append, lambda: moment, Context(tmp_path, "eu-west-1", 1))
    with mock_aws():
        queue = sqs_backends["123456789012"]["eu-west-1"].create_queue("scones")
        watch.sample()
        assert {each.value for each in published} == {0}
        assert {each.dimensions["QueueName"] for each in published} == {"scones"}
        queue._messages.append(message(0))
        watch.sample()  # within the same second
        assert len(published) == 4
        moment += timedelta(seconds=2)
        watch.sample()
        assert {each.name: each.value for each in published[4:]} == {
            "ApproximateNumberOfMessagesVisible": 1,
            "ApproximateAgeOfOldestMessage": 2,
        }
        moment += timedelta(seconds=EVERY_SECONDS)
        watch.sample()
        assert len(published) == 10
