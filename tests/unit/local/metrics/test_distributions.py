"""Statistics of values, and of sums of which the values are not known."""

import math

import pytest

from local.metrics.distributions import Distribution, is_statistic, merged, of_values

HUNDRED = of_values({float(value): 1 for value in range(1, 101)})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sum", 5050),
        ("Average", 50.5),
        ("Minimum", 1),
        ("Maximum", 100),
        ("SampleCount", 100),
        ("p50", 50),
        ("p99", 99),
        ("p99.9", 100),
        ("p100", 100),
        ("p0", 1),
        ("tm90", None),
    ],
)
def test_statistics(name: str, expected: float | None) -> None:
    assert HUNDRED.statistic(name) == expected
    assert is_statistic(name) == (expected is not None)


def test_percentiles_of_large_values_are_exact_to_half_a_percent_and_within_the_extremes() -> None:
    latencies = of_values({123_456.0: 99, 987_654.0: 1})
    assert latencies.statistic("p50") == pytest.approx(123_456, rel=0.005)
    assert latencies.statistic("p100") == 987_654
    assert latencies.total == 123_456 * 99 + 987_654


def test_values_count_as_often_as_they_occurred() -> None:
    assert of_values({2.0: 3, 4.0: 0.5}) == Distribution(3.5, 8, 2, 4, {2.0: 3, 4.0: 0.5})
    assert of_values({1.0001: 1, 1.0002: 2}).values == {1.0: 3}
    assert of_values({1.0: 1, 2.0: 3}).statistic("p25") == 1
    assert of_values({1.0: 1, 2.0: 3}).statistic("p25.1") == 2


def test_a_percentile_is_no_more_or_less_than_the_values() -> None:
    assert of_values({1.004: 1}).statistic("p50") == 1.004  # is 1.0 in three digits
    assert of_values({1.006: 1}).statistic("p50") == 1.006  # is 1.01
    assert Distribution(3, 6, 1, 9, {2.0: math.nan}).statistic("p50") == 9


def test_parts_are_merged() -> None:
    found = merged([of_values({1.0: 2}), of_values({3.0: 1, 1.0: 1})])
    assert found == Distribution(4, 6, 1, 3, {1.0: 3, 3.0: 1})
    assert merged([]) is None
    assert merged([HUNDRED]) is HUNDRED
    parts = merged(
        [Distribution(1, 5, 5, 5, {5.0: 1}), Distribution(2, 4, 1, 3, {1.0: 1, 3.0: 1}), of_values({9.0: 1})]
    )
    assert parts == Distribution(4, 18, 1, 9, {5.0: 1, 1.0: 1, 3.0: 1, 9.0: 1})


def test_sums_alone_have_no_percentiles_unless_all_values_are_the_same() -> None:
    sums = Distribution(count=4, total=20, least=2, most=8)
    assert (sums.statistic("Average"), sums.statistic("p50")) == (5, None)
    assert Distribution(3, 9, 3, 3).statistic("p50") == 3
    whole = merged([sums, of_values({1.0: 1})])
    assert whole is not None
    assert (whole.statistic("SampleCount"), whole.statistic("p50")) == (5, None)
