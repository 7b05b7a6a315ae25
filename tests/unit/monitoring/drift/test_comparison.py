"""How far numbers and texts of captured photos are from those of a reference."""

import numpy as np
import pandas as pd
import pytest
from profiled import counts_of

from monitoring.drift.comparison import Comparison, compare
from monitoring.statistics.model_monitor import DistributionConstraints
from monitoring.statistics.statistics import numerical_feature, string_feature

SIMPLE = DistributionConstraints(comparison_method="Simple")
ELEVEN_NUMBERS = numerical_feature("confidence", pd.Series(range(11)))


def test_the_robust_distance_takes_off_what_chance_explains() -> None:
    """Shares 50 % and 90 % differ by 0.4; chance explains 1.8 * sqrt((100 + 50) / (100 * 50)) = 0.3118 of that."""
    known = string_feature("predicted", pd.Series(["bicycle", "motorcycle"] * 50))
    captured = pd.DataFrame({"predicted": ["bicycle"] * 45 + ["motorcycle"] * 5})
    (found,) = compare([known], counts_of(captured), DistributionConstraints())
    assert found.distance == pytest.approx(0.0882, abs=1e-4)
    assert found.reference == "bicycle 50\N{NARROW NO-BREAK SPACE}%, motorcycle 50\N{NARROW NO-BREAK SPACE}%"
    assert found.captured == "bicycle 90\N{NARROW NO-BREAK SPACE}%, motorcycle 10\N{NARROW NO-BREAK SPACE}%"


def test_the_last_bucket_holds_the_largest_value_of_the_reference() -> None:
    """Of 0 to 10, nine of eleven numbers are below the last bucket, [9, 10], which all of the captures are in."""
    (found,) = compare([ELEVEN_NUMBERS], counts_of(pd.DataFrame({"confidence": [10.0] * 4})), SIMPLE)
    assert found.distance == pytest.approx(9 / 11)
    assert (found.reference, found.captured) == ("5.000 ± 3.162", "10.000 ± 0.000")


def test_a_class_that_the_reference_lacks_counts_with_its_whole_share() -> None:
    known = string_feature("predicted", pd.Series(["bicycle", "motorcycle"]))
    captured = pd.DataFrame({"predicted": ["bicycle", "motorcycle"] + ["van"] * 6})
    (found,) = compare([known], counts_of(captured), SIMPLE)
    assert found.distance == pytest.approx(0.75)


def test_features_without_values_are_left_out_and_the_others_compared() -> None:
    missing = numerical_feature("brightness", pd.Series([1.0, 2.0]))
    unknown = string_feature("predicted", pd.Series([None], dtype="object"))
    captured = counts_of(pd.DataFrame({"confidence": [1.0], "predicted": ["bicycle"]}))
    compared = compare([missing, unknown, ELEVEN_NUMBERS], captured, SIMPLE)
    assert [(each.feature, each.distance is None) for each in compared] == [("confidence", False), ("predicted", True)]


def test_what_the_reference_lacks_is_named_and_never_drifts() -> None:
    captured = pd.DataFrame({"confidence": [10.0] * 3, "other": [0.2, 0.4, None], "predicted": [None] * 3})
    captured["decision"] = ["low_confidence", "low_confidence", "accepted"]
    confidence, other, decision = compare([ELEVEN_NUMBERS], counts_of(captured), SIMPLE)
    assert (confidence.feature, confidence.distance is None) == ("confidence", False)
    assert (other.feature, other.reference, other.captured) == ("other", "–", "0.300 ± 0.100")
    assert (decision.feature, decision.captured) == ("decision", "low_confidence 67\u202f%, accepted 33\u202f%")
    assert other.threshold == SIMPLE.comparison_threshold
    assert not other.drifted
    assert not decision.drifted


@pytest.mark.parametrize("lacking", [{"mean": None}, {"std_dev": None}])
def test_a_reference_whose_moments_are_not_known_is_compared_all_the_same(lacking: dict[str, None]) -> None:
    numbers = ELEVEN_NUMBERS.numerical_statistics
    assert numbers is not None
    partly = ELEVEN_NUMBERS.model_copy(update={"numerical_statistics": numbers.model_copy(update=lacking)})
    (found,) = compare([partly], counts_of(pd.DataFrame({"confidence": [10.0] * 4})), SIMPLE)
    assert (found.reference, found.distance) == ("–", pytest.approx(9 / 11))


def test_something_else_is_compared_where_the_reference_knows_it() -> None:
    known = numerical_feature("other", pd.Series(np.linspace(0, 0.1, 11)))
    (other,) = compare([known], counts_of(pd.DataFrame({"other": [0.9, 0.8]})), SIMPLE)
    assert (other.distance, other.drifted) == (1.0, True)
    assert compare([known], counts_of(pd.DataFrame({"other": [None, None]})), SIMPLE) == []  # an older model answers


def test_a_distance_as_large_as_the_threshold_is_no_drift() -> None:
    assert not Comparison("contrast", "", "", distance=0.1, threshold=0.1).drifted
    assert Comparison("contrast", "", "", distance=0.11, threshold=0.1).drifted


def test_nothing_is_compared_where_the_constraints_disable_it() -> None:
    disabled = DistributionConstraints(perform_comparison="Disabled")
    assert compare([ELEVEN_NUMBERS], counts_of(pd.DataFrame({"confidence": [10.0]})), disabled) == []
