"""Moments and histograms of many numbers."""

import numpy as np
import pytest

from monitoring.summaries.numbers import Numbers, largest, numbers_of, smallest

VALUES = np.random.default_rng(1).beta(8, 1, 5000).round(7)


def test_moments_are_exact() -> None:
    found = numbers_of(VALUES)
    assert found.count == 5000
    assert found.mean == pytest.approx(VALUES.mean(), abs=1e-12)
    assert found.deviation == pytest.approx(VALUES.std(), abs=1e-10)
    assert (found.least, found.most) == (VALUES.min(), VALUES.max())


def test_places_between_bounds_are_close_and_bounds_exact() -> None:
    found = numbers_of(VALUES)
    places = np.linspace(0.2, 1, 9)
    assert found.below(places) == pytest.approx([(place > VALUES).sum() for place in places])
    between = [0.70345, 0.91234, 0.99955]
    assert found.below(between) == pytest.approx([(place > VALUES).sum() for place in between], abs=12)
    assert found.quantile(0.5) == pytest.approx(np.quantile(VALUES, 0.5), abs=1e-3)


def test_one_value_lies_where_it_is() -> None:
    found = numbers_of([0.4567] * 3)
    assert found.below([0.4567, 0.45671]).tolist() == [0, 3]
    assert found.quantile(0.5) == 0.4567
    assert found.deviation == 0


def test_one_value_lies_where_it_is_however_large_it_is() -> None:
    with np.errstate(all="raise"):
        assert numbers_of([2.0**30], "pixels").below([1.0, 2.0**30, 2.0**31]).tolist() == [0, 0, 1]


@pytest.mark.parametrize("values", [[3.0, 70_000.0, 1.0], [1.0] * 5000])
def test_sizes_in_pixels(values: list[float]) -> None:
    found = numbers_of(values, "pixels")
    assert found.sum == sum(values)
    assert found.deviation == pytest.approx(np.std(values))


def test_sums_of_squares_are_whole_numbers_however_large_they_are() -> None:
    assert numbers_of([0.9999999] * 5000).squares == 9999999**2 * 5000
    assert numbers_of([2.0**32], "pixels").squares == 2**64


def test_a_number_at_a_bound_is_not_below_it() -> None:
    assert numbers_of([0.25, 0.5, 0.75]).below([0.5]).tolist() == [1]


def test_a_quantile_lies_within_its_bin() -> None:
    found = numbers_of([1002.0, 1010.0], "pixels")
    assert len(found.bins) == 1
    assert [found.quantile(share) for share in (0.25, 0.5, 1)] == [1004, 1006, 1010]


def test_nothing_added_changes_nothing() -> None:
    some = numbers_of([3, 70_000], "pixels")
    assert some + Numbers() == Numbers() + some == some
    assert Numbers("pixels") + Numbers() == Numbers()


def test_the_largest_of_nothing_is_none() -> None:
    assert (smallest([None, 2, 1]), largest([None, 2, 1])) == (1, 2)
    assert (smallest([None]), largest([None])) == (None, None)


def test_no_numbers() -> None:
    assert numbers_of([]) == Numbers()
    assert np.isnan(Numbers().quantile(0.5))
    assert Numbers().below([0.5]).tolist() == [0]
