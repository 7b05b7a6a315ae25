"""Several reviewers at once, and what is left to others where one is late or breaks off."""

import pytest
from unit.pipelines.review.conftest import ANN, BEN
from unit.pipelines.review.sessions import Keys, Review, Wait, receivable, shown

from pipelines.aws import Aws
from pipelines.review.queue import ReviewQueue
from pipelines.settings.naming import Names


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


def test_a_photo_that_nobody_answered_comes_again(queue: ReviewQueue, wait_for_review: Wait, review: Review) -> None:
    wait_for_review("run-1")
    queue.release(shown(review(ANN)).message)
    assert shown(review(BEN)).record.execution == "run-1"


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
