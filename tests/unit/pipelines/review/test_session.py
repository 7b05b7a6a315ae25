"""What the queue and the bucket hear of a reviewer's work, and what is left where it breaks off."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from unit.pipelines.review.conftest import ANN, BEN, CLASSES

from monitoring.ground_truth.records import read_ground_truth
from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.review.archive import Archive
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session, Shown
from pipelines.settings.naming import Names

Wait = Callable[..., dict[str, Any]]
Review = Callable[..., Session]
Keys = Callable[[str], list[str]]


def shown(session: Session) -> Shown:
    found = session.current()
    assert found is not None
    return found


def receivable(aws: Aws, queue: ReviewQueue) -> int:
    """How many messages anybody could receive now."""
    answer = aws.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def test_an_answer_is_kept_at_once_and_leaves_the_queue_with_the_next(
    aws: Aws, names: Names, queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys, tmp_path: Path
) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    session = review()
    first = shown(session).record.execution
    session.answer(first, "bicycle")
    (truth,) = keys("ground-truth/")
    assert len(keys("review/waiting/")) == queue.length() == 2
    second = shown(session).record.execution
    assert {first, second} == {"run-1", "run-2"}
    session.answer(second, "none of these")
    assert (keys("review/waiting/"), queue.length()) == ([f"review/waiting/{second}.json"], 1)
    session.close()
    assert (keys("review/waiting/"), queue.length(), session.answered) == ([], 0, 2)
    for key in keys("ground-truth/"):
        body = aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read()
        (tmp_path / Path(key).name).write_bytes(body)
    assert read_ground_truth(tmp_path).classes == {first: ("bicycle",), second: ("none of these",)}
    assert truth in keys("ground-truth/")


def test_the_photo_is_shown_whole_and_the_square_is_kept(
    aws: Aws, names: Names, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    session = review()
    picture = shown(session).picture
    assert (picture.size, picture.problem) == ("40 × 40 pixels", "")
    session.answer("run-1", "bicycle")
    (key,) = keys("review/answers/")
    kept = json.load(aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"])
    assert kept["image"].startswith("iVBOR")  # PNG
    assert (kept["shown"], kept["reviewer"]) == ("bicycle", ANN.arn)
    assert datetime.fromisoformat(kept["answered_at"]).tzinfo == UTC


def test_two_reviewers_never_have_the_same_photo(wait_for_review: Wait, review: Review) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    one, other = shown(review(ANN)), shown(review(BEN))
    assert one.record.execution != other.record.execution


def test_what_a_crash_leaves_behind_is_not_asked_again(
    aws: Aws, queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    crashed = review(ANN)
    held = shown(crashed)
    crashed.answer("run-1", "bicycle")
    queue.release(held.message)  # what time does
    assert review(BEN).current() is None
    assert (keys("review/waiting/"), queue.length()) == ([], 0)
    assert len(keys("ground-truth/")) == 1


def test_what_has_been_answered_is_passed_over(queue: ReviewQueue, wait_for_review: Wait, review: Review) -> None:
    wait_for_review("run-1")
    crashed = review(ANN)
    held = shown(crashed)
    crashed.answer("run-1", "bicycle")
    queue.release(held.message)  # what time does
    wait_for_review("run-2")
    assert shown(review(BEN)).record.execution == "run-2"


def test_one_answer_is_enough_unless_a_share_is_to_be_seen_twice(
    archive: Archive, queue: ReviewQueue, wait_for_review: Wait
) -> None:
    wait_for_review("run-1")
    session = Session(archive, queue, ANN, CLASSES)
    session.answer(shown(session).record.execution, "bicycle")
    session.close()
    assert queue.length() == 0


def test_a_photo_that_nobody_answered_comes_again(queue: ReviewQueue, wait_for_review: Wait, review: Review) -> None:
    wait_for_review("run-1")
    queue.release(shown(review(ANN)).message)
    assert shown(review(BEN)).record.execution == "run-1"


def test_an_answer_can_be_taken_back(queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    session = review()
    first = shown(session).record.execution
    session.answer(first, "bicycle")
    second = shown(session).record.execution
    session.undo()
    assert (keys("ground-truth/"), keys("review/answers/"), session.answered) == ([], [], 0)
    assert shown(session).record.execution == first
    session.undo()
    assert session.note == "There is no answer to take back."
    session.answer(first, "motorcycle")
    assert shown(session).record.execution == second
    session.close()
    assert queue.length() == 1
    assert len(keys("ground-truth/")) == 1


def test_a_key_that_is_pressed_twice_answers_once(wait_for_review: Wait, review: Review, keys: Keys) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    session = review()
    first = shown(session).record.execution
    session.answer(first, "bicycle")
    second = shown(session).record.execution
    session.answer(first, "bicycle")
    session.skip(first)
    assert shown(session).record.execution == second
    assert len(keys("review/answers/")) == 1


def test_a_skipped_photo_is_left_for_later(
    aws: Aws, queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    session = review()
    shown(session)
    session.skip("run-1")
    assert session.current() is None
    session.close()
    assert (queue.length(), receivable(aws, queue), len(keys("review/waiting/"))) == (1, 0, 1)


def test_what_is_on_the_screen_is_for_others_once_the_session_ends(
    aws: Aws, queue: ReviewQueue, wait_for_review: Wait, review: Review
) -> None:
    wait_for_review("run-1")
    session = review()
    shown(session)
    assert receivable(aws, queue) == 0
    session.keep_alive()
    session.close()
    assert receivable(aws, queue) == 1


def test_a_photo_that_cannot_be_told_leaves_without_ground_truth(
    queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1", s3_key="photos/gone.png")
    session = review()
    assert shown(session).picture.problem == "the photo is no longer there"
    session.answer("run-1", None)
    session.close()
    assert (queue.length(), keys("ground-truth/"), keys("review/waiting/")) == (0, [], [])
    assert len(keys("review/answers/")) == 1


def test_a_late_answer_to_what_another_has_answered_is_not_kept(
    queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    late, quick = review(ANN), review(BEN)
    queue.release(shown(late).message)
    shown(quick)
    quick.answer("run-1", "motorcycle")
    quick.close()
    late.answer("run-1", "bicycle")
    assert late.note == "Somebody else has answered that photo in the meantime."
    assert (late.answered, len(keys("review/answers/"))) == (0, 1)


def test_a_second_opinion_is_another_reviewers(
    aws: Aws, names: Names, queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("pipelines.review.queue.AGAIN_SECONDS", 0)
    wait_for_review("run-1")
    first = review(ANN, 1.0)
    shown(first)
    first.answer("run-1", "bicycle")
    first.close()
    assert (queue.length(), len(keys("review/waiting/"))) == (1, 1)
    second = review(BEN, 1.0)
    shown(second)
    second.answer("run-1", "bicycle")
    second.close()
    assert (queue.length(), keys("review/waiting/"), len(keys("review/answers/"))) == (0, [], 2)


def test_nobody_is_asked_twice(aws: Aws, queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys) -> None:
    wait_for_review("run-1")
    session = review(ANN, 1.0)
    held = shown(session)
    session.answer("run-1", "bicycle")
    queue.release(held.message)
    assert review(ANN, 1.0).current() is None
    assert (queue.length(), receivable(aws, queue)) == (1, 0)  # it is delayed, for others
    assert len(keys("review/answers/")) == 1


def test_a_message_that_is_no_record_is_passed_over_and_stays(
    queue: ReviewQueue, wait_for_review: Wait, review: Review
) -> None:
    queue.send("nonsense")
    wait_for_review("run-1")
    assert shown(review()).record.execution == "run-1"
    assert queue.length() == 2


def test_an_answer_is_a_class(wait_for_review: Wait, review: Review, keys: Keys) -> None:
    wait_for_review("run-1")
    session = review()
    shown(session)
    with pytest.raises(DataError, match="there is no class 'bus'"):
        session.answer("run-1", "bus")
    assert keys("review/answers/") == []


def test_a_session_says_what_happened_last(wait_for_review: Wait, review: Review, queue: ReviewQueue) -> None:
    for execution in ("run-1", "run-2", "run-3"):
        wait_for_review(execution)
    session = review()
    assert (session.note, session.on_screen, session.can_undo) == ("", None, False)
    first = shown(session)
    assert session.on_screen is first
    session.answer(first.record.execution, "bicycle")
    assert (session.note, session.on_screen, session.can_undo) == ("Kept: bicycle.", None, True)
    session.undo()
    assert (session.note, session.on_screen, session.can_undo) == ("Taken back. What does it show?", first, False)
    session.answer(first.record.execution, None)
    assert session.note == "Kept: cannot be told."
    session.skip(shown(session).record.execution)
    assert (session.note, session.on_screen) == ("Skipped: the photo comes again in a few minutes.", None)
    queue.send("nonsense")
    session.skip(shown(session).record.execution)
    assert session.current() is None
    assert session.note.startswith("A message was passed over: not a record of a photo for review: the text: ")


def test_an_answer_that_is_taken_back_too_late_is_for_whoever_gets_the_photo(
    queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    session = review()
    held = shown(session)
    session.answer("run-1", "bicycle")
    queue.finish(held.message)  # what time does
    session.undo()
    assert session.note == "Taken back. The photo is in the queue again."
    assert (session.on_screen, session.answered, keys("review/answers/")) == (None, 0, [])


def test_a_photo_that_was_shown_for_too_long_is_shown_no_longer(
    queue: ReviewQueue, wait_for_review: Wait, review: Review
) -> None:
    wait_for_review("run-1")
    session = review()
    held = shown(session)
    assert shown(session) is held
    queue.finish(held.message)  # what time and another reviewer do
    assert session.current() is None


def test_a_late_answer_is_kept_where_nobody_else_has_answered(
    queue: ReviewQueue, wait_for_review: Wait, review: Review, keys: Keys
) -> None:
    wait_for_review("run-1")
    session = review()
    queue.finish(shown(session).message)
    session.answer("run-1", "bicycle")
    assert (session.answered, len(keys("review/answers/"))) == (1, 1)


@pytest.mark.parametrize("taken_back", [False, True])
def test_what_a_session_holds_is_kept_from_others_and_let_go_at_its_end(
    aws: Aws, queue: ReviewQueue, wait_for_review: Wait, review: Review, *, taken_back: bool
) -> None:
    """That is the photo on the screen, with the one that was answered or, if that was taken back, the one after it."""
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    session, extended = review(), []
    session.answer(shown(session).record.execution, "bicycle")
    shown(session)
    if taken_back:
        session.undo()
    aws.sqs.meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility", lambda params, **_: extended.append(params)
    )
    session.keep_alive()
    assert len({each["ReceiptHandle"] for each in extended}) == 2
    session.close()
    left = 2 if taken_back else 1
    assert (queue.length(), receivable(aws, queue), session.answered) == (left, left, 2 - left)
    extended.clear()
    session.keep_alive()
    assert (extended, session.on_screen, session.can_undo) == ([], None, False)
