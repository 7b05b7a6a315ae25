"""The quality gates: what a model must reach on the test images, and must not exceed, to be registered."""

from dataclasses import dataclass

from steps.evaluation.champion import Champion
from steps.evaluation.measurements import Measurements

DIGITS = 12  # rounds the champion's floor, because a difference of two floats is not exact
NAMES = {
    "accuracy": "accuracy",
    "coverage": "coverage",
    "robust_accuracy": "accuracy on changed photos",
    "others_decided": "other things decided",
    "champion": "accuracy against the model in production",
}


@dataclass(frozen=True)
class Limits:
    """The limits of the gates, as shares: three minimums and two maximums.

    `regression` is how far the accuracy may fall below the champion's, `others_decided` how many photos of other things
    may be taken for one of the classes.
    """

    accuracy: float
    coverage: float
    regression: float
    robust_accuracy: float
    others_decided: float


@dataclass(frozen=True)
class Gate:
    """One quality gate: the measured value, the minimum or the maximum, and the outcome.

    Value and outcome are None where nothing could be measured. Such a gate stops nothing, and says so.
    """

    name: str
    value: float | None
    minimum: float | None
    maximum: float | None
    passed: bool | None

    @property
    def limit(self) -> float:
        """The minimum or the maximum, whichever it has."""
        return next(each for each in (self.minimum, self.maximum) if each is not None)

    @property
    def margin(self) -> float | None:
        """How far the value lies on the right side of the limit."""
        if self.value is None:
            return None
        return self.value - self.limit if self.maximum is None else self.limit - self.value


def at_least(name: str, value: float, minimum: float) -> Gate:
    """A gate with a minimum; reaching it is enough."""
    return Gate(name, value, minimum, None, value >= minimum)


def at_most(name: str, value: float | None, maximum: float) -> Gate:
    """A gate with a maximum; reaching it is still allowed."""
    return Gate(name, value, None, maximum, None if value is None else value <= maximum)


def champion_floor(champion: Champion | None, regression: float) -> float:
    """The champion's accuracy minus the allowed regression, or 0 if there is nothing to compare with."""
    if champion is None or champion.measurements is None:
        return 0.0
    return max(0.0, round(champion.measurements.accuracy - regression, DIGITS))


def check_gates(measured: Measurements, limits: Limits, floor: float | None) -> tuple[Gate, ...]:
    """The gates in the order of the decision page; the champion's gate exists only if there is a floor."""
    gates = [
        at_least("accuracy", measured.accuracy, limits.accuracy),
        at_least("coverage", measured.coverage, limits.coverage),
        at_least("robust_accuracy", measured.robust_accuracy, limits.robust_accuracy),
        at_most("others_decided", measured.others_decided, limits.others_decided),
    ]
    return (*gates, at_least("champion", measured.accuracy, floor)) if floor is not None else tuple(gates)


def passed(gates: tuple[Gate, ...]) -> bool:
    """Whether no gate failed."""
    return all(gate.passed is not False for gate in gates)


def margin(gates: tuple[Gate, ...], name: str) -> float:
    """The margin of a gate, or 0 if nothing could be measured."""
    return next(gate.margin for gate in gates if gate.name == name) or 0.0


def describe(gates: tuple[Gate, ...], champion: Champion | None) -> str:
    """One line: each gate's value and limit, and whether there was a champion."""
    parts = [_described(gate) for gate in gates]
    if champion is None:
        parts.append("no model in production to compare with")
    elif champion.incomparable:
        parts.append(f"not comparable with the model in production: {champion.incomparable}")
    return ", ".join(parts)


def _described(gate: Gate) -> str:
    limit = f"at least {gate.limit:.4f}" if gate.maximum is None else f"at most {gate.limit:.4f}"
    value = f"{gate.value:.4f}" if gate.value is not None else "not measured"
    return f"{NAMES[gate.name]} {value} ({limit})"
