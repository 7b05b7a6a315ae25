"""What a model is worth on the test images, and against production: everything that `evaluation.json` says."""

from dataclasses import asdict, dataclass
from typing import Any

from steps.arrays import Labels, Probabilities
from steps.classifier.classifier import ModelInfo
from steps.classifier.scoring import Latency
from steps.evaluation import verdict
from steps.evaluation.champion import Champion
from steps.evaluation.measurements import Measurements, measure

DIGITS = 12  # of the champion's floor: a difference of two shares is not exact


@dataclass(frozen=True)
class Minimums:
    """What a model must reach on the test images to be registered, as shares.

    `regression` is how far its accuracy may be below the champion's.
    """

    accuracy: float
    coverage: float
    regression: float


@dataclass(frozen=True)
class Gate:
    """One minimum, and what was reached."""

    name: str
    value: float
    minimum: float
    passed: bool


@dataclass(frozen=True)
class Archive:
    """What serving the model costs: bytes of `model.tar.gz`, and the time for a photo."""

    size: int
    latency: Latency


@dataclass(frozen=True)
class Evaluation(Measurements):
    """All measurements of the challenger on the test images, and of the champion where there is one.

    `champion_floor` is the least accuracy that the champion leaves it, 0 where there is nothing to compare with, and
    `champion_margin` what it has beyond that; `headline` and `explanation` are what an approver reads first, `verdict`
    says in a line what each gate asked for.
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
        """Whether the model would be registered."""
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
) -> Evaluation:
    """Measure predictions (N, classes) against labels (N,), every class of which must occur, and hold the gates."""
    measured = measure(labels, probabilities, model.classes, model.threshold)
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
    """The champion's accuracy less what may be lost; 0 where there is nothing to compare with."""
    if champion is None or champion.measurements is None:
        return 0.0
    return max(0.0, round(champion.measurements.accuracy - regression, DIGITS))


def check_gates(measured: Measurements, minimums: Minimums, floor: float | None) -> tuple[Gate, ...]:
    """The gates in the order in which the page shows them; that of the champion only where there is a floor."""
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
