"""What the queue and the bucket hear of a reviewer's work."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from unit.pipelines.review.conftest import ANN, CLASSES
from unit.pipelines.review.sessions import Keys, Review, Wait, receivable, shown

from monitoring.ground_truth.records import read_ground_truth
from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.review.archive import Archive
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session
from pipelines.settings.naming import Names


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


def test_one_answer_is_enough_unless_a_share_is_to_be_seen_twice(
    archive: Archive, queue: ReviewQueue, wait_for_review: Wait
) -> None:
    wait_for_review("run-1")
    session = Session(archive, queue, ANN, CLASSES)
    session.answer(shown(session).record.execution, "bicycle")
    session.close()
    assert queue.length() == 0


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
