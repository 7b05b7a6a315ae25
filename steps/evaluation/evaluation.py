"""The evaluation of a model: measurements, gates and verdict, as written to `evaluation.json`."""

from dataclasses import asdict, dataclass
from typing import Any

from steps.arrays import Labels, Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency
from steps.evaluation import verdict
from steps.evaluation.champion import Champion
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.robustness import Beyond

DIGITS = 12  # rounds the champion's floor, because a difference of two floats is not exact


@dataclass(frozen=True)
class Minimums:
    """Minimums, as shares, that a model must reach on the test images to be registered.

    `regression` is how far its accuracy may fall below the champion's.
    """

    accuracy: float
    coverage: float
    regression: float


@dataclass(frozen=True)
class Gate:
    """One quality gate: the measured value, the required minimum, and the outcome."""

    name: str
    value: float
    minimum: float
    passed: bool


@dataclass(frozen=True)
class Archive:
    """Cost of serving the model: size of `model.tar.gz` in bytes, and latency."""

    size: int
    latency: Latency


@dataclass(frozen=True)
class Evaluation(Measurements):
    """All measurements of the challenger on the test images, and of the champion where there is one.

    `champion_floor` is the accuracy that the comparison with the champion requires (0 if there is none),
    and `champion_margin` how far the accuracy lies above it. `headline` and `explanation` are what an approver reads
    first; `verdict` lists value and minimum of each gate in one line.
    """

    synthetic: bool
    data_digest: str
    model_version: str
    archive_bytes: int
    latency: Latency
    champion: Champion | None
    champion_floor: float
    champion_margin: float
    gates: tuple[Gate, ...]
    verdict: str
    headline: str
    explanation: str

    @property
    def passed(self) -> bool:
        """Whether all gates passed, so that the pipeline registers the model."""
        return all(gate.passed for gate in self.gates)

    def to_json(self) -> dict[str, Any]:
        """The contents of `evaluation.json`."""
        return asdict(self)


def evaluate(
    labels: Labels,
    probabilities: Probabilities,
    model: ModelInfo,
    archive: Archive,
    champion: Champion | None,
    minimums: Minimums,
    beyond: Beyond,
) -> Evaluation:
    """Measure predictions (N, classes) against labels (N,), in which every class must occur, and check the gates.

    `beyond` has what was measured on other photos.
    """
    measured = measure(labels, probabilities, model.classes, model.threshold, beyond)
    floor = champion_floor(champion, minimums.regression)
    gates = check_gates(measured, minimums, floor if champion and champion.measurements else None)
    return Evaluation(
        **vars(measured),
        synthetic=model.synthetic,
        data_digest=model.data_digest,
        model_version=model.model_version,
        archive_bytes=archive.size,
        latency=archive.latency,
        champion=champion,
        champion_floor=floor,
        champion_margin=measured.accuracy - floor,
        gates=gates,
        verdict=describe(gates, champion),
        headline=verdict.headline(champion, passed=all(gate.passed for gate in gates)),
        explanation=verdict.explanation(measured, champion),
    )


def champion_floor(champion: Champion | None, regression: float) -> float:
    """The champion's accuracy minus the allowed regression, or 0 if there is nothing to compare with."""
    if champion is None or champion.measurements is None:
        return 0.0
    return max(0.0, round(champion.measurements.accuracy - regression, DIGITS))


def check_gates(measured: Measurements, minimums: Minimums, floor: float | None) -> tuple[Gate, ...]:
    """The gates in the order of the decision page; the champion's gate exists only if there is a floor."""
    asked = [("accuracy", measured.accuracy, minimums.accuracy), ("coverage", measured.coverage, minimums.coverage)]
    if floor is not None:
        asked.append(("champion", measured.accuracy, floor))
    return tuple(Gate(name, value, minimum, value >= minimum) for name, value, minimum in asked)


def describe(gates: tuple[Gate, ...], champion: Champion | None) -> str:
    """One line: each gate's value and minimum, and whether there was a champion."""
    names = {"champion": "accuracy against the model in production"}
    parts = [f"{names.get(gate.name, gate.name)} {gate.value:.4f} (at least {gate.minimum:.4f})" for gate in gates]
    if champion is None:
        parts.append("no model in production to compare with")
    elif champion.incomparable:
        parts.append(f"not comparable with the model in production: {champion.incomparable}")
    return ", ".join(parts)
