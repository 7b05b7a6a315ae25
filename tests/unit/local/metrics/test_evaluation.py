"""The states of alarms. The first tables are those of AWS's user guide."""

import pytest

from local.metrics.evaluation import ALARM, COMPARE, INSUFFICIENT, OK, Rule, reason, state

THREE_OF_THREE, TWO_OF_THREE = (3, 3), (2, 3)
KEPT = "the current state"
# Points from the oldest to the newest (X breaches, - is missing), and the state for each way to treat missing ones.
TABLE = [
    (THREE_OF_THREE, "0-X-X", (OK, OK, OK, OK)),
    (THREE_OF_THREE, "0----", (OK, OK, OK, OK)),
    (THREE_OF_THREE, "-----", (INSUFFICIENT, KEPT, ALARM, OK)),
    (THREE_OF_THREE, "0XX-X", (ALARM, ALARM, ALARM, ALARM)),
    (THREE_OF_THREE, "--X--", (ALARM, KEPT, ALARM, OK)),
    (THREE_OF_THREE, "----X", (INSUFFICIENT, KEPT, ALARM, OK)),
    (THREE_OF_THREE, "X----", (ALARM, KEPT, ALARM, OK)),
    (TWO_OF_THREE, "0-X-X", (ALARM, ALARM, ALARM, ALARM)),
    (TWO_OF_THREE, "00X0X", (ALARM, ALARM, ALARM, ALARM)),
    (TWO_OF_THREE, "0-X--", (OK, OK, ALARM, OK)),
    (TWO_OF_THREE, "----0", (OK, OK, ALARM, OK)),
    (TWO_OF_THREE, "---X-", (ALARM, KEPT, ALARM, OK)),
    (TWO_OF_THREE, "--XX-", (ALARM, ALARM, ALARM, ALARM)),
    ((1, 1), "--X", (ALARM, ALARM, ALARM, ALARM)),
    ((1, 1), "X-0", (OK, OK, OK, OK)),
    ((1, 1), "---", (INSUFFICIENT, KEPT, ALARM, OK)),
]
VALUES = {"0": 1.0, "X": 9.0, "-": None}


@pytest.mark.parametrize("current", [OK, ALARM, INSUFFICIENT])
@pytest.mark.parametrize(("numbers", "points", "expected"), TABLE)
def test_states(numbers: tuple[int, int], points: str, expected: tuple[str, ...], current: str) -> None:
    found = tuple(
        state([VALUES[each] for each in points], Rule("GreaterThanThreshold", 5, numbers[1], numbers[0], way), current)
        for way in ("missing", "ignore", "breaching", "notBreaching")
    )
    assert found == tuple(current if each == KEPT else each for each in expected)


def test_the_range_of_three_periods_is_five_points() -> None:
    assert Rule("GreaterThanThreshold", 5, 3).range == 5


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanOrEqualToThreshold", {5, 6}),
        ("GreaterThanThreshold", {6}),
        ("LessThanThreshold", {4}),
        ("LessThanOrEqualToThreshold", {4, 5}),
    ],
)
def test_comparisons(comparison: str, breaching: set[int]) -> None:
    assert {value for value in (4, 5, 6) if Rule(comparison, 5).breaches(value)} == breaching
    assert comparison in COMPARE


def test_reasons_are_worded_as_cloudwatch_words_them() -> None:
    above = Rule("GreaterThanThreshold", 50)
    assert reason([(99.5, "02/10/19 16:59:00")], above, OK, ALARM) == (
        "Threshold Crossed: 1 out of the last 1 datapoints [99.5 (02/10/19 16:59:00)] was greater than the threshold "
        "(50.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert reason([(0.5, "01/10/19 13:46:00")], above, ALARM, OK) == (
        "Threshold Crossed: 1 out of the last 1 datapoints [0.5 (01/10/19 13:46:00)] was not greater than the "
        "threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition)."
    )
    silent = Rule("GreaterThanThreshold", 50, missing="notBreaching")
    assert reason([(None, "01/10/19 13:46:00")], silent, ALARM, OK) == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
        "[NonBreaching]."
    )
    strict = Rule("GreaterThanThreshold", 50, 2, missing="breaching")
    assert reason([(None, "01/10/19 13:46:00")] * 2, strict, OK, ALARM) == (
        "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as "
        "[Breaching]."
    )
    assert reason([(None, "")], above, OK, INSUFFICIENT) == "Insufficient Data: 1 datapoint was unknown."
    assert reason([(None, "")] * 2, Rule("GreaterThanThreshold", 50, 2), OK, INSUFFICIENT) == (
        "Insufficient Data: 2 datapoints were unknown."
    )


@pytest.mark.parametrize(
    ("to_alarm", "values", "new", "expected"),
    [
        (2, (99, 60, 10, 70), ALARM, "2 out of the last 3 datapoints [70.0 (d), 60.0 (b)] were greater"),
        (2, (99, 40, None, 30), OK, "2 out of the last 3 datapoints [30.0 (d), 40.0 (b)] were not greater"),
        (2, (99, 40, 30, 60), OK, "2 out of the last 3 datapoints [30.0 (c), 40.0 (b)] were not greater"),
        (3, (None, None, None, 60), OK, "1 out of the last 3 datapoints [60.0 (d)] was not greater"),
        (3, (None, None, None, 40), ALARM, "1 out of the last 3 datapoints [40.0 (d)] was greater"),
    ],
)
def test_reasons_name_the_newest_points_that_count(
    to_alarm: int, values: tuple[float | None, ...], new: str, expected: str
) -> None:
    found = reason(list(zip(values, "abcd", strict=True)), Rule("GreaterThanThreshold", 50, 3, to_alarm), OK, new)
    needed = to_alarm if new == ALARM else 4 - to_alarm
    plural = "" if needed == 1 else "s"
    assert found == (
        f"Threshold Crossed: {expected} than the threshold (50.0) (minimum {needed} datapoint{plural} for OK -> {new} "
        "transition)."
    )
