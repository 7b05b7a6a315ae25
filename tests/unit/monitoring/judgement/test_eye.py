"""What the model itself sees of photos: counted, compared with the test photos, or why it is not."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from unit.monitoring.judgement.made_up import REFERENCE, looks

from monitoring.judgement.causes import NotCompared
from monitoring.judgement.eye import Eye, eye_of, of_test_photos
from monitoring.judgement.pictures import picture_causes
from monitoring.profiles.profile import Counts
from monitoring.summaries.numbers import numbers_of

# Half of 100 photos are seen turned, of test photos 6 of 96, and nine tenths if they are turned. Whether a photo is
# seen turned varies as in 8 of 100: .0736. That of the mean of 100 different photos has the error of the reference,
# too: .0736 (1/100 + 1/96 + .01).
EYE = Eye(100, 50, 96, 0.0625, 0.9)
KNOWN = replace(REFERENCE, eye=np.array([96, 0.0625, 0.9]))
VARIANCE = 0.0736 * (0.02 + 1 / 96)


def said(upright: list[float]) -> Counts:
    return Counts(numbers={"upright": numbers_of(upright)})


def test_photos_are_counted_that_are_surely_turned() -> None:
    counts = said([0.0, 0.0999, 0.1, 0.5, *[1.0] * 16])
    assert eye_of(counts, KNOWN) == Eye(20, 2, 96, 0.0625, 0.9)
    assert (EYE.share, EYE.shift, EYE.spread) == (0.5, 0.8375, pytest.approx(0.0736))
    assert EYE.evidence == {"seen_turned": 0.5, "usually_seen_turned": 0.0625}
    assert EYE.text == "50 % of 100 photos are seen turned by the model, 6 % of the test photos"
    assert EYE.each([0.0, 0.1, None, 0.0999]).tolist() == [1, 0, 0.0625, 1]


@pytest.mark.parametrize(
    ("counts", "known", "why"),
    [
        (Counts(), True, "the answers do not say whether the model sees photos upright"),
        (said([]), True, "the answers do not say whether the model sees photos upright"),
        (said([0.9] * 20), False, "the baseline does not say how often the model sees good photos turned"),
        (said([0.9] * 19), True, "fewer than 20 answers say whether the model sees photos upright"),
    ],
)
def test_what_cannot_be_compared_is_said(counts: Counts, known: bool, why: str) -> None:
    assert eye_of(counts, KNOWN if known else REFERENCE) == NotCompared("upright", why)
    assert isinstance(eye_of(said([0.9] * 20), None), NotCompared)


def test_the_answers_to_test_photos_say_what_is_usual() -> None:
    answers = pd.DataFrame({"upright": [0.05, 0.2, 0.9, 0.1], "seen_if_turned": [1 / 3, 1, 1, 2 / 3]})
    assert of_test_photos(answers) == pytest.approx([4, 0.25, 0.75])
    assert not of_test_photos(None).size
    assert not of_test_photos(answers[["upright"]]).size
    assert not of_test_photos(answers[["seen_if_turned"]]).size


def test_what_the_model_sees_is_one_more_trait_of_turned_photos() -> None:
    """The pictures say 0.4 with a precision of 50, the model (0.5 - 0.0625) / 0.8375; both count by their precision."""
    traits = np.tile([1.2, 0, 0.8, 0], (100, 1))
    found = {each.cause: each for each in looks(traits, eye=EYE).explanations}
    assert found["dark"] == looks(traits).explanations[0]
    turned = found["turned"]
    size, moved = 50 * 4 + 0.8375**2 / VARIANCE, 50 * 2 * 0.8 + 0.8375 * 0.4375 / VARIANCE
    assert (turned.change, turned.share, turned.gain) == (
        3,
        pytest.approx(moved / size),
        pytest.approx(moved**2 / size),
    )


def test_a_photo_that_the_model_sees_turned_is_more_likely_one() -> None:
    seen = np.repeat([1.0, 0.0], 50)
    found = replace(looks(np.zeros((100, 4)), eye=EYE), turned=seen)
    size, weight = 50 * 4 + 0.8375**2 / VARIANCE, 0.8375 / VARIANCE
    assert found.along(3) == pytest.approx((seen - 0.0625) * weight / size)
    assert not found.along(0).any()


@pytest.mark.parametrize(("expected", "found"), [(0.9, ["turned"]), (0.0625, []), (0.01, [])])
def test_a_model_that_does_not_see_turns_is_no_evidence(expected: float, found: list[str]) -> None:
    eye = Eye(100, 50, 96, 0.0625, expected)
    known = looks(np.zeros((100, 4)), eye=eye)
    assert [each.cause for each in picture_causes(known, [datetime(2026, 3, 9, tzinfo=UTC)] * 100, 100)] == found
