"""The review queue: what is received is nobody else's until its time is over."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import AwsError
from pipelines.settings.naming import Names

LEASE_SECONDS = 300  # for which a photo that was received belongs to one reviewer; it is extended while it is shown
AGAIN_SECONDS = 900  # until a photo that this reviewer has answered is offered to others; SQS has no longer delay
WAIT_SECONDS = 1  # for a message, so that all of SQS's servers are asked
COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
# What SQS says of a message whose time is over, or that another has received since.
LOST = {
    "MessageNotInflight",
    "AWS.SimpleQueueService.MessageNotInflight",
    "InvalidParameterValue",
    "ReceiptHandleIsInvalid",
}


@dataclass(frozen=True)
class Message:
    """A message that was received."""

    body: str
    receipt: str


class ReviewQueue:
    """The queue of one environment. All methods raise boto3's errors."""

    def __init__(self, aws: Aws, names: Names) -> None:
        self._sqs: Any = aws.sqs
        self._name = names.review_queue

    @cached_property
    def url(self) -> str:
        """The queue's URL. Raises AwsError if there is no queue."""
        try:
            found: str = self._sqs.get_queue_url(QueueName=self._name)["QueueUrl"]
        except self._sqs.exceptions.QueueDoesNotExist as error:
            raise AwsError(f"there is no queue {self._name}; `scones deploy` creates it") from error
        return found

    def receive(self) -> Message | None:
        """The next message, which others cannot receive for LEASE_SECONDS; None if there is none."""
        found = self._sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=1, WaitTimeSeconds=WAIT_SECONDS, VisibilityTimeout=LEASE_SECONDS
        ).get("Messages", [])
        return Message(found[0]["Body"], found[0]["ReceiptHandle"]) if found else None

    def extend(self, message: Message) -> bool:
        """Keeps a message from others for another LEASE_SECONDS; returns whether that was still possible."""
        return self._change(message, LEASE_SECONDS)

    def release(self, message: Message) -> None:
        """Lets others receive a message at once."""
        self._change(message, 0)

    def finish(self, message: Message) -> None:
        """Takes a message out of the queue."""
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message.receipt)

    def hand_on(self, message: Message) -> None:
        """Offers a message to another reviewer: as a new one, so that its receipts are not counted on."""
        self.send(message.body, AGAIN_SECONDS)
        self.finish(message)

    def send(self, body: str, delay_seconds: int = 0) -> None:
        """Sends a message."""
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, DelaySeconds=delay_seconds)

    def length(self) -> int:
        """About how many messages the queue holds, received and delayed ones included."""
        return sum(self._attributes(*COUNTS))

    def retention_seconds(self) -> int:
        """How long the queue keeps a message."""
        [seconds] = self._attributes("MessageRetentionPeriod")
        return seconds

    def _attributes(self, *names: str) -> list[int]:
        found = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(names))["Attributes"]
        return [int(found[name]) for name in names]

    def _change(self, message: Message, seconds: int) -> bool:
        try:
            self._sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=message.receipt, VisibilityTimeout=seconds
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in LOST:
                return False
            raise
        return True
