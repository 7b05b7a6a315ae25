"""Data points by period."""

from local.metrics.distributions import Distribution, of_values
from local.metrics.windows import by_period, until

FOUND = [(second, of_values({float(second): 1})) for second in (59, 60, 61, 119, 120, 185)]


def sums(found: list[Distribution | None]) -> list[float | None]:
    return [each and each.total for each in found]


def test_periods_begin_at_multiples_of_their_length() -> None:
    assert [(start, values.total) for start, values in by_period(FOUND, 60)] == [
        (0, 59),
        (60, 240),
        (120, 120),
        (180, 185),
    ]
    assert [(start, values.total) for start, values in by_period(reversed(FOUND), 90)] == [
        (0, 180),
        (90, 239),
        (180, 185),
    ]
    assert by_period([], 60) == []


def test_the_last_of_a_number_of_periods_ends_at_a_time() -> None:
    assert sums(until(FOUND, 121, 60, 3)) == [None, 59 + 60, 61 + 119 + 120]
    assert sums(until(FOUND, 120, 60, 1)) == [240]
