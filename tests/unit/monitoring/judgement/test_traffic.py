"""Volume, repetitions, missing answers, and what cannot be read, from tables alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from profiled import counts_of, window_of_times

from monitoring.captures.files import Problem
from monitoring.judgement.causes import Cause
from monitoring.judgement.traffic import repetition_cause, unanswered_cause, unreadable_causes, volume_cause
from monitoring.judgement.verdict import References, judge
from monitoring.judgement.window import Window
from monitoring.profiles.profile import Counts
from monitoring.summaries.problems import problems_of
from windows.spans import Span

START = datetime(2026, 3, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def photos(digests: list[object], answered: int | None = None, damaged: int = 0) -> Counts:
    count = len(digests)
    known = count if answered is None else answered
    return counts_of(
        pd.DataFrame(
            {
                "image_digest": digests,
                "predicted": ["bicycle"] * known + [None] * (count - known),
                "status": ["unreadable"] * damaged + ["ok"] * (count - damaged),
            }
        )
    )


def unread(counts: Counts, problems: list[Problem]) -> Counts:
    return replace(counts, problems=problems_of(problems))


def window(now: int, *before: int, hours: int = 2) -> Window:
    """A window of two hours, with so many photos in it, and so many in the same hours one, two, … days before."""
    times = [
        START - days * timedelta(days=1) + HOUR * number / max(count, 1)
        for days, count in enumerate((now, *before))
        for number in range(count)
    ]
    return window_of_times(times, Span(START, START + hours * HOUR), START)


def volume(now: int, *before: int) -> list[str]:
    return [cause.text for cause in volume_cause(window(now, *before))]


def test_volumes_of_the_same_hours_of_earlier_days() -> None:
    """Days with fewer than 20 photos, other hours, and days more than two weeks ago do not count."""
    assert window(5, 30, 19, 20).volumes == (30, 20)
    assert window(0, *[0] * 13, 25).volumes == (25,)
    assert window(0, *[0] * 14, 25).volumes == ()
    times = [START - 24 * HOUR + number * HOUR / 30 for number in range(30)]
    for start, end, volumes in ((1, 2, ()), (-4, 0, ()), (1 / 3, 2, (20,))):
        assert window_of_times(times, Span(START + start * HOUR, START + end * HOUR), START).volumes == volumes


def test_traffic_that_fell_or_rose() -> None:
    assert volume(50, 100, 110) == ["traffic fell to 48 % of the days before: 50 photos"]
    assert volume(280, 100, 110) == ["traffic rose to 267 % of the days before: 280 photos"]
    (fell,) = volume_cause(window(50, 100, 110))
    assert fell.evidence == {"photos": 50, "usual": 105, "compared_days": 2}
    assert (fell.cause, fell.share, fell.serious, fell.rank) == ("traffic", pytest.approx(1 - 50 / 105), False, 0.8)
    assert volume_cause(window(280, 100, 110))[0].share == 1


def test_a_window_without_photos_where_some_are_usual_is_looked_at() -> None:
    found = judge(window(0, 100, 110), References())
    assert found.headline == "Have a look: traffic fell to 0 % of the days before: 0 photos"
    assert found.document["not_compared"][0] == {"what": "everything", "why": "nothing was captured"}
    assert judge(window(0, 10, 15), References()).word == "cannot_tell"


def test_volumes_of_every_day() -> None:
    assert volume(50, 100) == []  # one day is no habit
    assert volume(62, 100, 104) == []
    assert volume(255, 100, 104) == []
    assert volume(60, 100, 100) == []
    assert volume(40, 50, 100, 100) == []  # a day before had hardly more
    assert volume(39, 50, 100, 100) != []
    assert volume(250, 80, 80, 200) == []  # a day before had hardly fewer
    assert volume(251, 80, 80, 200) != []
    assert volume(16, 28, 28) == []  # three standard errors are 3/4
    assert volume(12, 25, 25) != []
    assert volume(14, 25, 25) == []  # few photos vary by chance


def names(causes: list[Cause]) -> list[str]:
    return [cause.cause for cause in causes]


def test_one_photo_again_and_again() -> None:
    (cause,) = repetition_cause(photos(["same"] * 40 + [str(number) for number in range(60)]))
    assert (cause.cause, cause.share, cause.serious, cause.rank) == ("duplicates", 0.4, False, pytest.approx(1.6))
    assert cause.text == "one photo was sent again and again: 40 % of 100 photos"
    assert cause.evidence == {"times": 40, "others_at_most": 1}
    (alone,) = repetition_cause(photos(["same"] * 100))
    assert (alone.serious, alone.evidence) == (True, {"times": 100, "others_at_most": 0})
    assert not repetition_cause(photos(["same"] * 50 + [str(number) for number in range(50)]))[0].serious


@pytest.mark.parametrize(
    ("times", "others", "said"),
    [
        ([5], 15, True),
        ([5], 14, False),  # 19 photos
        ([4], 16, False),  # sent four times
        ([8], 92, True),
        ([7], 92, False),  # 7.07 %
        ([8, *[2] * 11], 20, True),  # nine of ten others were sent twice at most
        ([8, *[3] * 11], 20, False),
        ([20, 9], 1, False),
        ([15, 10], 0, False),
    ],
)
def test_how_often_is_too_often(times: list[int], others: int, said: bool) -> None:
    digests = [str(number) for number, count in enumerate(times) for _ in range(count)]
    assert bool(repetition_cause(photos([*digests, *(f"other-{number}" for number in range(others))]))) is said


def test_photos_that_were_not_captured_are_no_repetition() -> None:
    assert repetition_cause(photos([None] * 40)) == []


@pytest.mark.parametrize("times", [1, 5, 20])
def test_a_fleet_that_is_photographed_often_is_no_repetition(times: int) -> None:
    assert repetition_cause(photos(np.repeat([str(number) for number in range(25)], times).tolist())) == []


def test_requests_without_an_answer() -> None:
    digests: list[object] = [str(number) for number in range(100)]
    assert unanswered_cause(photos(digests, 98)) == []
    (cause,) = unanswered_cause(photos(digests, 95))
    assert (cause.cause, cause.share, cause.serious) == ("no_answers", 0.05, False)
    assert (cause.text, cause.evidence) == ("requests have no answer: 5 % of 100 photos", {"requests": 5})
    assert cause.rank == pytest.approx(0.75)
    assert unanswered_cause(photos(digests, 80))[0].serious
    assert not unanswered_cause(photos(digests, 81))[0].serious


def test_missing_answers_matter_from_three_and_one_percent_on() -> None:
    many: list[object] = [str(number) for number in range(301)]
    assert unanswered_cause(photos(many, 298)) == []
    assert len(unanswered_cause(photos(many[:300], 297))) == 1
    assert unanswered_cause(photos([None] * 50 + many[:50], 0))[0].text.endswith("100 % of 50 photos")


def test_answers_that_are_none_are_told_from_lines_that_cannot_be_read() -> None:
    table = photos([str(number) for number in range(100)], damaged=2)
    lines = [Problem("x", number, "Invalid JSON") for number in range(1, 4)]
    answers = [Problem("x", number, f"the answer is number {number}") for number in range(1, 5)]
    unreadable, errors = unreadable_causes(unread(table, [*lines, *answers]))
    assert (unreadable.cause, unreadable.evidence) == ("unreadable", {"photos": 2, "lines": 3})
    assert unreadable.text == "photos or lines cannot be read: 5 % of 107"
    assert (unreadable.share, unreadable.serious) == (pytest.approx(5 / 107), False)
    assert unreadable.rank == pytest.approx(0.7 + 5 / 107)
    assert (errors.cause, errors.share, errors.serious) == ("errors", pytest.approx(4 / 107), False)
    assert errors.evidence == {"answers": 4, "first": "the answer is number 1"}
    assert errors.text == "answers are no probabilities: 4 % of 107"
    assert errors.rank == pytest.approx(0.75 + 4 / 107)
    assert names(unreadable_causes(unread(table, lines[:1]))) == ["unreadable"]
    assert unreadable_causes(unread(photos(["a"] * 100), lines[:2])) == []
    assert unreadable_causes(unread(photos(["a"] * 100), answers[:2])) == []


def test_files_that_cannot_be_read_count_as_lines_do() -> None:
    files = [Problem(f"{number}.jsonl", 0, "is no regular file") for number in range(4)]
    (unreadable,) = unreadable_causes(unread(photos(["a"] * 96), files))
    assert unreadable.evidence == {"photos": 0, "lines": 4}
    assert unreadable.text == "photos or lines cannot be read: 4 % of 100"


@pytest.mark.parametrize("reason", ["the answer is empty", "probabilities sum to 2", "labels are not texts"])
def test_reasons_that_are_about_answers(reason: str) -> None:
    lines = [Problem("x", number, reason) for number in range(1, 26)]
    (errors,) = unreadable_causes(unread(photos([str(number) for number in range(100)]), lines))
    assert (errors.cause, errors.share, errors.serious) == ("errors", 0.2, True)


def test_a_fifth_that_cannot_be_read_is_serious() -> None:
    for damaged, serious in ((19, False), (20, True)):
        (cause,) = unreadable_causes(photos([str(number) for number in range(100)], damaged=damaged))
        assert (cause.serious, cause.evidence) == (serious, {"photos": damaged, "lines": 0})
