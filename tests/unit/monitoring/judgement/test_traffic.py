"""Repetitions, missing answers, and what cannot be read, from tables alone."""

import numpy as np
import pandas as pd
import pytest

from monitoring.captures.files import Problem
from monitoring.judgement.causes import Cause
from monitoring.judgement.traffic import repetition_cause, unanswered_cause, unreadable_causes


def photos(digests: list[object], answered: int | None = None, damaged: int = 0) -> pd.DataFrame:
    count = len(digests)
    known = count if answered is None else answered
    return pd.DataFrame(
        {
            "image_digest": digests,
            "predicted": ["bicycle"] * known + [None] * (count - known),
            "status": ["unreadable"] * damaged + ["ok"] * (count - damaged),
        }
    )


def names(causes: list[Cause]) -> list[str]:
    return [cause.cause for cause in causes]


def test_one_photo_again_and_again() -> None:
    (cause,) = repetition_cause(photos(["same"] * 40 + [str(number) for number in range(60)]))
    assert (cause.cause, cause.share, cause.serious) == ("duplicates", 0.4, False)
    assert repetition_cause(photos(["same"] * 100))[0].serious


@pytest.mark.parametrize("times", [1, 5, 20])
def test_a_fleet_that_is_photographed_often_is_no_repetition(times: int) -> None:
    assert repetition_cause(photos(np.repeat([str(number) for number in range(25)], times).tolist())) == []


def test_requests_without_an_answer() -> None:
    digests: list[object] = [str(number) for number in range(100)]
    assert unanswered_cause(photos(digests, 98)) == []
    (cause,) = unanswered_cause(photos(digests, 95))
    assert (cause.cause, cause.share, cause.serious) == ("no_answers", 0.05, False)
    assert unanswered_cause(photos(digests, 70))[0].serious


def test_answers_that_are_none_are_told_from_lines_that_cannot_be_read() -> None:
    table = photos([str(number) for number in range(100)], damaged=2)
    lines = [Problem("x", number, "Invalid JSON") for number in range(3)]
    answers = [Problem("x", number, "the answer is not a distribution") for number in range(4)]
    unreadable, errors = unreadable_causes(table, [*lines, *answers])
    assert (unreadable.cause, unreadable.evidence) == ("unreadable", {"photos": 2, "lines": 3})
    assert (errors.cause, errors.evidence["answers"]) == ("errors", 4)
    assert names(unreadable_causes(table, lines[:1])) == ["unreadable"]
    assert unreadable_causes(photos(["a"] * 100), lines[:2]) == []
