"""Computes the state of an alarm from the data points of its metric. Pure.

Source: "Configuring how CloudWatch alarms treat missing data" in AWS's user guide, with its tables.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
BREACHING, NOT_BREACHING, IGNORE, MISSING = "breaching", "notBreaching", "ignore", "missing"
# For each operator: what compares a value with the threshold, and in words.
COMPARE: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
MORE = 2  # data points that are looked at besides the evaluation periods, in case that some are missing


@dataclass(frozen=True)
class Rule:
    """When an alarm's metric is too high or too low."""

    comparison: str
    threshold: float
    periods: int = 1
    to_alarm: int = 1
    missing: str = MISSING

    @property
    def range(self) -> int:
        """How many of the newest data points are looked at."""
        return self.periods + MORE

    def breaches(self, value: float) -> bool:
        """Whether a value is beyond the threshold."""
        return COMPARE[self.comparison][0](value, self.threshold)


def state(points: Sequence[float | None], rule: Rule, current: str) -> str:
    """The state that follows from the data points of the evaluation range, oldest first; None is a missing one."""
    real = [rule.breaches(value) for value in points if value is not None]
    if len(real) >= rule.periods:
        return _counted(sum(real[-rule.periods :]), rule)
    filled = rule.periods - len(real) if rule.missing == BREACHING else 0
    if rule.missing in (BREACHING, NOT_BREACHING) or sum(real) >= rule.to_alarm:
        return _counted(sum(real) + filled, rule)
    if real and not all(real):
        return OK
    if rule.missing == IGNORE:
        return current
    # Nothing but breaching points, and too few: this counts once the oldest is old enough.
    age = next((len(points) - place for place, value in enumerate(points) if value is not None), 0)
    return ALARM if age >= rule.to_alarm else INSUFFICIENT


def _counted(breaching: int, rule: Rule) -> str:
    return ALARM if breaching >= rule.to_alarm else OK


def reason(points: Sequence[tuple[float | None, str]], rule: Rule, current: str, new: str) -> str:
    """What CloudWatch says of a change; each data point comes with its time as a text."""
    real = [(value, when) for value, when in points if value is not None][-rule.periods :]
    if new == INSUFFICIENT:
        return f"Insufficient Data: {_counted_points(rule.periods)} {_was(rule.periods)} unknown."
    if not real:
        treated = {BREACHING: "Breaching", NOT_BREACHING: "NonBreaching"}[rule.missing]
        return (
            f"Threshold Crossed: no datapoints were received for {rule.periods} period{_s(rule.periods)} and "
            f"{rule.periods} missing datapoint{_s(rule.periods)} {_was(rule.periods)} treated as [{treated}]."
        )
    if new == ALARM:
        shown = [(value, when) for value, when in real if rule.breaches(value)] or real
        negation, needed = "", rule.to_alarm
    else:
        shown = [(value, when) for value, when in real if not rule.breaches(value)] or real
        negation, needed = "not ", rule.periods - rule.to_alarm + 1
    listed = ", ".join(f"{float(value)} ({when})" for value, when in reversed(shown))
    return (
        f"Threshold Crossed: {len(shown)} out of the last {rule.periods} datapoints [{listed}] "
        f"{_was(len(shown))} {negation}{COMPARE[rule.comparison][1]} the threshold ({float(rule.threshold)}) "
        f"(minimum {needed} datapoint{_s(needed)} for {current} -> {new} transition)."
    )


def _counted_points(number: int) -> str:
    return f"{number} datapoint{_s(number)}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
