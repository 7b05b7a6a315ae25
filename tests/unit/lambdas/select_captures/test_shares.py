"""Hours are dealt to jobs by their bytes."""

from datetime import UTC, datetime

from lambdas.select_captures.captures import File, Hour
from lambdas.select_captures.shares import dealt, size_of


def hour(name: int, *sizes: int) -> Hour:
    start = datetime(2026, 3, 1, name, tzinfo=UTC)
    return Hour(start, f"profile {name}", tuple(File(str(place), "tag", size) for place, size in enumerate(sizes)))


ONE, TWO, THREE, FOUR = hour(1, 3, 4), hour(2, 5), hour(3, 2, 1), hour(4, 3)


def test_the_largest_hour_goes_first_to_the_share_with_least() -> None:
    assert dealt([FOUR, THREE, TWO, ONE], 2) == [[ONE, FOUR], [TWO, THREE]]
    assert dealt([FOUR], 3) == [[FOUR], [], []]


def test_an_hour_is_as_large_as_its_files() -> None:
    assert [size_of(each) for each in (ONE, hour(5))] == [7, 0]
