"""Sessions of reviewers: the types of their fixtures, what they show, and what is left to others."""

from collections.abc import Callable
from typing import Any

from pipelines.aws import Aws
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session, Shown

Wait = Callable[..., dict[str, Any]]
Review = Callable[..., Session]
Keys = Callable[[str], list[str]]


def shown(session: Session) -> Shown:
    """The photo that a session shows; there has to be one."""
    found = session.current()
    assert found is not None
    return found


def receivable(aws: Aws, queue: ReviewQueue) -> int:
    """How many messages anybody could receive now."""
    answer = aws.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])
