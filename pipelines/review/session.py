"""One reviewer at work: which photo is shown, what was answered last, and what the queue and the bucket hear of it.

An answer is kept at once. Its photo leaves the queue with the next answer, so that the last one can be taken back; if
the reviewer's machine fails before, the photo comes again and is found to be answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock

from pipelines.errors import DataError
from pipelines.review.answers import Answer, Reviewer, seen_twice
from pipelines.review.archive import Archive
from pipelines.review.picture import Picture, load
from pipelines.review.queue import Message, ReviewQueue
from pipelines.review.records import NONE_OF_THESE, Record

MOST_PASSED_OVER = 100  # messages in one go that are answered already or no records


@dataclass(frozen=True)
class Shown:
    """A photo that this reviewer has, and nobody else."""

    record: Record
    message: Message
    picture: Picture


@dataclass(frozen=True)
class Given:
    """An answer that can still be taken back."""

    shown: Shown
    answer: Answer


class Session:
    """A reviewer's session, for one thread at a time. Methods raise boto3's errors; nothing is lost by that.

    `note` says what happened last, and `answered` counts the answers that stand.
    """

    def __init__(
        self,
        archive: Archive,
        queue: ReviewQueue,
        reviewer: Reviewer,
        classes: Sequence[str],
        second_opinions: float = 0.0,
    ) -> None:
        self.reviewer, self.classes = reviewer, tuple(classes)
        self.note, self.answered = "", 0
        self._archive, self._queue, self._second_opinions = archive, queue, second_opinions
        self._current: Shown | None = None
        self._later: list[Shown] = []  # shown before an answer was taken back
        self._given: Given | None = None
        self._lock = RLock()

    @property
    def on_screen(self) -> Shown | None:
        """The photo that was looked at last, unless it was answered or skipped."""
        return self._current

    def current(self) -> Shown | None:
        """The photo to look at, which is this reviewer's for a while from now; None if none waits."""
        with self._lock:
            if self._current is not None and not self._queue.extend(self._current.message):
                self._current = None  # its time was over, and others may have it
            if self._current is None:
                self._current = self._later.pop() if self._later else self._receive()
            return self._current

    @property
    def can_undo(self) -> bool:
        """Whether there is an answer to take back."""
        return self._given is not None

    def answer(self, execution: str, shown: str | None) -> None:
        """Keeps the answer to the current photo: a class, NONE_OF_THESE, or None if it cannot be told.

        An answer about any other photo is ignored, such as that of a key that was pressed twice.

        Raises:
            DataError: there is no such class.
        """
        if shown is not None and shown not in (*self.classes, NONE_OF_THESE):
            raise DataError(f"there is no class '{shown}'; there are {', '.join(self.classes)} and {NONE_OF_THESE}")
        with self._lock:
            current = self._only(execution)
            if current is None:
                return
            if not self._queue.extend(current.message) and self._archive.answered(execution):
                self.note = "Somebody else has answered that photo in the meantime."
            else:
                answer = Answer(current.record, shown, self.reviewer, datetime.now(UTC), current.picture.square)
                self._archive.keep(answer)
                self.settle()
                self._given = Given(current, answer)
                self.answered += 1
                self.note = f"Kept: {shown or 'cannot be told'}."
            self._current = None

    def skip(self, execution: str) -> None:
        """Puts the current photo aside; it comes again, to anybody, when its time is over."""
        with self._lock:
            if current := self._only(execution):
                self._queue.extend(current.message)
                self._current, self.note = None, "Skipped: the photo comes again in a few minutes."

    def undo(self) -> None:
        """Takes the last answer back and shows its photo again."""
        with self._lock:
            if self._given is None:
                self.note = "There is no answer to take back."
                return
            given, self._given = self._given, None
            self._archive.withdraw(given.answer)
            self.answered -= 1
            if not self._queue.extend(given.shown.message):
                self.note = "Taken back. The photo is in the queue again."
                return
            if self._current is not None:
                self._later.append(self._current)
            self._current, self.note = given.shown, "Taken back. What does it show?"

    def keep_alive(self) -> None:
        """Keeps what this reviewer has from others for a while longer."""
        with self._lock:
            for shown in self._held():
                self._queue.extend(shown.message)

    def settle(self) -> None:
        """Lets the photo of the last answer leave the queue."""
        with self._lock:
            if self._given is not None:
                self._leave(self._given.shown.record, self._given.shown.message)
                self._given = None

    def close(self) -> None:
        """Ends the session: the last answer stands, and what is not answered is for others at once."""
        with self._lock:
            self.settle()
            for shown in self._held():
                self._queue.release(shown.message)
            self._current, self._later = None, []

    def _held(self) -> list[Shown]:
        shown = [self._current, self._given.shown if self._given else None, *self._later]
        return [each for each in shown if each is not None]

    def _only(self, execution: str) -> Shown | None:
        """The current photo if it is that of the execution."""
        return self._current if self._current and self._current.record.execution == execution else None

    def _receive(self) -> Shown | None:
        for _ in range(MOST_PASSED_OVER):
            message = self._queue.receive()
            if message is None:
                return None
            try:
                record = Record.parse(message.body)
            except DataError as error:  # after ten receipts it is among the dead letters, which somebody is told of
                self.note = f"A message was passed over: {error}"
                continue
            keys = self._archive.answered(record.execution)
            own = any(key.endswith(f"/{self.reviewer.digest}.json") for key in keys)
            if own or len(keys) >= self._wanted(record.execution):
                self._leave(record, message)
                continue
            return Shown(record, message, load(self._archive, record))
        return None

    def _leave(self, record: Record, message: Message) -> None:
        """Takes an answered photo out of the queue, or offers it to a second reviewer."""
        if len(self._archive.answered(record.execution)) < self._wanted(record.execution):
            self._queue.hand_on(message)
        else:
            self._archive.forget(record.execution)
            self._queue.finish(message)

    def _wanted(self, execution: str) -> int:
        return 2 if seen_twice(execution, self._second_opinions) else 1
