"""Everything that waits for review: how much it is, and what the queue no longer holds."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from pipelines.aws import Aws, is_missing
from pipelines.errors import AwsError, DataError
from pipelines.review.answers import Agreement, agreement, pair_of
from pipelines.review.archive import Archive
from pipelines.review.queue import ReviewQueue
from pipelines.settings.naming import Names

JUST_NOW = timedelta(minutes=5)  # the workflow writes a record before it sends the message


@dataclass(frozen=True)
class Backlog:
    """What waits and what was answered. `oldest` is when the record was written that has waited longest."""

    waiting: int
    queued: int
    oldest: datetime | None
    answered: int
    agreement: Agreement


def count_waiting(aws: Aws, names: Names) -> int:
    """How many photos wait: records in the bucket, or messages in the queue if these are more; 0 without either."""
    try:
        kept = len(Archive(aws, names).waiting())
    except ClientError as error:
        if not is_missing(error):
            raise
        kept = 0
    try:
        return max(kept, ReviewQueue(aws, names).length())
    except AwsError:  # there is no queue
        return kept


def look(aws: Aws, names: Names) -> Backlog:
    """Counts what waits, and compares the answers to photos that two people saw."""
    archive = Archive(aws, names)
    kept, answers = archive.waiting(), archive.answers()
    twice = [[archive.read(key) for key in keys] for keys in answers.values() if len(keys) > 1]
    pairs = [pair_of([_document(text) for text in texts]) for texts in twice]
    return Backlog(
        waiting=len(kept),
        queued=ReviewQueue(aws, names).length(),
        oldest=min((each.written for each in kept), default=None),
        answered=len(answers),
        agreement=agreement([pair for pair in pairs if pair]),
    )


def send_lost(archive: Archive, queue: ReviewQueue, now: datetime | None = None) -> int:
    """Sends records again whose messages the queue no longer holds; returns their number.

    Those are the records that are older than the queue keeps messages, and all of them if the queue is empty, as after
    it was deleted. A message too many does no harm: what was answered is not shown again.
    """
    now = now or datetime.now(UTC)
    age = JUST_NOW if queue.length() == 0 else timedelta(seconds=queue.retention_seconds())
    texts = [archive.renew(kept) for kept in archive.waiting() if now - kept.written > age]
    for text in texts:
        if text is not None:
            queue.send(text)
    return sum(text is not None for text in texts)


def _document(text: str) -> dict[str, str | None]:
    try:
        found: dict[str, str | None] = json.loads(text)
    except ValueError as error:
        raise DataError("an answer below review/answers/ is not JSON") from error
    return found
