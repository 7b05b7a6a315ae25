from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from unit.pipelines.review.conftest import ANN, BEN

from pipelines.aws import Aws
from pipelines.review.answers import agreement
from pipelines.review.archive import Archive
from pipelines.review.backlog import JUST_NOW, Backlog, count_waiting, look, send_lost
from pipelines.review.queue import ReviewQueue
from pipelines.settings.naming import Names

Wait = Callable[..., dict[str, Any]]
TWO_WEEKS = timedelta(days=14, minutes=1)


def test_what_the_queue_forgot_is_sent_again(
    aws: Aws, archive: Archive, queue: ReviewQueue, wait_for_review: Wait
) -> None:
    wait_for_review("run-1")
    aws.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"MessageRetentionPeriod": str(14 * 24 * 3600)})
    now = datetime.now(UTC)
    assert send_lost(archive, queue) == 0
    assert send_lost(archive, queue, now + timedelta(minutes=6)) == 0
    assert send_lost(archive, queue, now + TWO_WEEKS) == 1
    assert queue.length() == 2  # the message is still there in this test
    aws.sqs.purge_queue(QueueUrl=queue.url)
    [kept] = archive.waiting()
    for late, sent in ((timedelta(0), 0), (JUST_NOW, 0), (JUST_NOW + timedelta(seconds=1), 1)):
        assert send_lost(archive, queue, kept.written + late) == sent


def test_a_record_that_is_sent_again_is_as_it_was(
    aws: Aws, names: Names, archive: Archive, queue: ReviewQueue, wait_for_review: Wait, review: Callable[..., Any]
) -> None:
    wait_for_review("run-1")
    aws.sqs.purge_queue(QueueUrl=queue.url)
    send_lost(archive, queue, datetime.now(UTC) + TWO_WEEKS)
    assert review().current().record.why.startswith("The model is not sure enough")


def test_how_much_waits(aws: Aws, names: Names, queue: ReviewQueue, wait_for_review: Wait) -> None:
    assert count_waiting(aws, names) == 0
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    queue.send("of an earlier release, without a record")
    assert count_waiting(aws, names) == 3
    aws.sqs.delete_queue(QueueUrl=queue.url)
    assert count_waiting(aws, names) == 2
    for execution in ("run-1", "run-2"):
        aws.s3.delete_object(Bucket=names.bucket, Key=f"review/waiting/{execution}.json")
        aws.s3.delete_object(Bucket=names.bucket, Key=f"photos/{execution}.png")
    aws.s3.delete_bucket(Bucket=names.bucket)
    assert count_waiting(aws, names) == 0


def test_the_backlog_and_the_agreement(
    aws: Aws, names: Names, queue: ReviewQueue, wait_for_review: Wait, review: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr("pipelines.review.queue.AGAIN_SECONDS", 0)
    for execution in ("run-1", "run-2", "run-3"):
        wait_for_review(execution)
    for who, number in ((ANN, 3), (BEN, 2)):
        session = review(who, 1.0)
        for _ in range(number):
            execution = session.current().record.execution
            session.answer(execution, "bicycle" if who == ANN or execution == "run-2" else "motorcycle")
        session.close()
    found = look(aws, names)
    assert (found.waiting, found.answered, found.agreement.photos) == (1, 3, 2)
    assert found.queued == queue.length()
    assert found.oldest is not None


def test_where_nothing_waits_there_is_no_oldest(aws: Aws, names: Names, queue: ReviewQueue) -> None:
    assert look(aws, names) == Backlog(waiting=0, queued=0, oldest=None, answered=0, agreement=agreement([]))
