from collections import Counter

import pandas as pd
import pytest

from jobs.intervals import wilson_interval
from monitoring.ground_truth.joining import NONE
from monitoring.ground_truth.measured import Measured, Tally, measure, tally

COUNTS: Tally = Counter(
    {
        ("bicycle", "bicycle", True): 60,
        ("bicycle", "motorcycle", True): 5,
        ("bicycle", "bicycle", False): 15,
        ("motorcycle", "motorcycle", True): 1,
        (NONE, NONE, False): 3,
        (NONE, "bicycle", True): 1,
    }
)


def measured(counts: Tally, worth: float = 1.0) -> Measured:
    found = measure(counts, worth)
    assert found is not None
    return found


def test_accuracy_is_counted_for_all_for_decided_photos_and_for_each_class() -> None:
    found = measured(COUNTS)
    assert (found.all.right, found.all.photos) == (79, 85)
    assert found.decided is not None
    assert (found.decided.right, found.decided.photos) == (61, 67)
    assert {name: (each.right, each.photos) for name, each in found.classes.items()} == {
        "bicycle": (75, 80),
        "motorcycle": (1, 1),
        NONE: (3, 4),
    }
    assert found.confusion["bicycle"] == {"bicycle": 75, "motorcycle": 5, NONE: 0}
    assert list(found.confusion) == ["bicycle", "motorcycle", NONE]


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), table 1: 81 of 263."""
    found = measured(Counter({("a", "a", True): 81, ("a", "b", True): 182})).all
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_photos_that_are_worth_less_have_wider_intervals() -> None:
    alone, alike = measured(COUNTS).all, measured(COUNTS, worth=0.1).all
    assert alike.value == alone.value
    assert alike.low < alone.low < alone.high < alike.high


def test_one_photo_is_never_worth_less_than_itself() -> None:
    one = measured(Counter({("a", "a", True): 1}), worth=0.1).all
    assert (one.low, one.high) == wilson_interval(1.0, 1)


def test_answers_that_were_never_right_stand_in_the_confusion_and_what_is_no_class_comes_last() -> None:
    found = measured(Counter({("tram", "bus", True): 2, (NONE, "tram", True): 1}))
    assert found.confusion == {"tram": {"bus": 2, "tram": 0, NONE: 0}, NONE: {"bus": 0, "tram": 1, NONE: 0}}
    assert [list(row) for row in found.confusion.values()] == [["bus", "tram", NONE]] * 2


def test_counts_of_parts_add_up() -> None:
    table = pd.DataFrame({"actual": ["a", "b", "b"], "answered": ["a", "b", "a"], "decided": [True, True, False]})
    assert tally(table[:1]) + tally(table[1:]) == tally(table)
    assert tally(table)[("b", "a", False)] == 1


def test_nothing_is_said_without_photos_or_decided_ones() -> None:
    assert measure(Counter(), 1.0) is None
    assert measured(Counter({("a", "a", False): 2})).decided is None
