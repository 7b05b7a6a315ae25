"""The accuracy that confidence promises, and when it must not be believed."""

import numpy as np
import pandas as pd
import pytest
from profiled import counts_of
from unit.monitoring.judgement.small import statistics

from monitoring.drift.baseline import Baseline
from monitoring.judgement.accuracy import Calibration, Estimate, calibration_of, estimate
from monitoring.judgement.causes import Cause
from monitoring.statistics.model_monitor import Constraints, Statistics
from monitoring.summaries.numbers import Numbers, numbers_of


def answered(count: int, confidence: float = 0.9) -> Numbers:
    return numbers_of([confidence] * count)


SURE = Calibration(gap=0.0, error=0.0)
OTHER_THINGS = Cause("other_things", "pictures show other things", 0.1)
NO_ANSWERS = Cause("no_answers", "requests have no answer", 0.3, serious=True)


def band(count: int, calibration: Calibration = SURE, worth: float = 1.0, confidence: float = 0.6) -> list[float]:
    """Share, and the lower and upper limit of the estimate of so many photos with the same confidence."""
    found = estimate(answered(count, confidence), [], calibration, judged=True, worth=worth)
    assert isinstance(found, Estimate)
    assert found.photos == count
    return [found.share, found.low, found.high]


def reach(photos: float, error: float = 0.0) -> float:
    """How far the limits are from the share, with a confidence of 0.6."""
    return 1.959964 * float(np.sqrt(0.24 / photos + error**2))


def test_the_band_is_as_wide_as_chance_and_the_calibration_make_it() -> None:
    assert band(100) == pytest.approx([0.6, 0.6 - reach(100), 0.6 + reach(100)])
    assert band(100, Calibration(0.0, 0.05)) == pytest.approx([0.6, 0.6 - reach(100, 0.05), 0.6 + reach(100, 0.05)])
    assert band(100, Calibration(0.05, 0.0)) == pytest.approx([0.6, 0.6 - reach(100), 0.65 + reach(100)])
    assert band(100, Calibration(-0.05, 0.0)) == pytest.approx([0.6, 0.55 - reach(100), 0.6 + reach(100)])


def test_photos_that_are_worth_less_promise_less() -> None:
    assert band(100, worth=0.25) == pytest.approx(band(25))
    assert band(20, worth=0.01, confidence=0.99)[1] == pytest.approx(0.99 - 1.959964 * 0.0099**0.5)  # one at least


def test_the_estimate_is_the_mean_of_what_is_believed() -> None:
    unknown = {"confidence": [0.1] * 10, "other": 0.7, "decision": "not_a_known_vehicle"}
    known = {"confidence": [0.9] * 90, "other": 0.05, "decision": "accepted"}
    photos = counts_of(pd.concat([pd.DataFrame(unknown), pd.DataFrame(known)], ignore_index=True))
    found = estimate(photos.numbers["believed"], [], SURE, judged=True, worth=1.0)
    assert isinstance(found, Estimate)
    assert found.share == pytest.approx(0.88)
    reach = 1.959964 * np.sqrt((0.9 * 0.09 + 0.1 * 0.21) / 100)
    assert (found.low, found.high) == pytest.approx((0.88 - reach, 0.88 + reach))


def test_the_band_has_the_calibrations_uncertainty_and_what_the_test_photos_lacked() -> None:
    exact, doubtful = (
        estimate(answered(100), [], calibration, judged=True, worth=1.0)
        for calibration in (SURE, Calibration(gap=-0.05, error=0.02))
    )
    assert isinstance(exact, Estimate)
    assert isinstance(doubtful, Estimate)
    assert doubtful.share == exact.share
    assert doubtful.low < exact.low - 0.05
    assert exact.high < doubtful.high < exact.high + 0.02


@pytest.mark.parametrize(
    ("photos", "causes", "calibration", "judged", "why"),
    [
        (answered(19), [], SURE, True, "fewer than 20 photos have an answer"),
        (answered(50), [OTHER_THINGS], SURE, True, "confidence cannot be believed while pictures show other things"),
        (answered(50), [NO_ANSWERS], SURE, True, "confidence cannot be believed while requests have no answer"),
        (
            answered(50),
            [],
            SURE,
            False,
            "nothing says whether the photos are like those on which confidence was calibrated",
        ),
        (
            answered(50),
            [],
            None,
            True,
            "the baseline does not say how often confident answers to test photos were right",
        ),
    ],
)
def test_silence_has_a_reason(
    photos: Numbers, causes: list[Cause], calibration: Calibration | None, judged: bool, why: str
) -> None:
    assert estimate(photos, causes, calibration, judged, 1.0) == why


def test_harmless_causes_leave_the_estimate() -> None:
    assert isinstance(
        estimate(answered(50), [Cause("traffic", "traffic fell", 0.5)], SURE, judged=True, worth=1.0), Estimate
    )


def test_the_calibration_comes_from_the_test_photos() -> None:
    found = calibration_of(statistics(0.9, -0.02, photos=400))
    assert found is not None
    assert (found.gap, found.error) == pytest.approx((-0.02, 0.3 / 20))
    assert calibration_of(None) is None
    assert calibration_of(statistics(0.9, 0, photos=19)) is None
    assert calibration_of(statistics(0.9, 0, photos=20)) is not None


@pytest.mark.parametrize("lacking", [{"mean": None}, {"std_dev": None}])
def test_a_baseline_without_moments_does_not_say_what_confidence_is_worth(lacking: dict[str, None]) -> None:
    (feature,) = statistics(0.9, 0).statistics.features
    assert feature.numerical_statistics is not None
    numbers = feature.numerical_statistics.model_copy(update=lacking)
    partly = feature.model_copy(update={"numerical_statistics": numbers})
    assert calibration_of(Baseline(statistics=Statistics(features=(partly,)), constraints=Constraints())) is None
