"""The evaluation of a model: measurements, gates and verdict, as written to `evaluation.json`."""

from dataclasses import asdict, dataclass
from typing import Any

from steps.arrays import Labels, Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency
from steps.evaluation import verdict
from steps.evaluation.champion import Champion
from steps.evaluation.gates import Gate, Limits, champion_floor, check_gates, describe, margin, passed
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.robustness import Beyond


@dataclass(frozen=True)
class Archive:
    """Cost of serving the model: size of `model.tar.gz` in bytes, and latency."""

    size: int
    latency: Latency


@dataclass(frozen=True)
class Evaluation(Measurements):
    """All measurements of the challenger on the test images, and of the champion where there is one.

    `champion_floor` is the accuracy that the comparison with the champion requires (0 if there is none),
    and `champion_margin` how far the accuracy lies above it. `others_margin` is how far the share of other things that
    are decided lies below its maximum, 0 where it was not measured. The pipeline's condition needs both margins, for
    null cannot be compared. `headline` and `explanation` are what an approver reads first; `verdict` lists value and
    limit of each gate in one line.
    """

    synthetic: bool
    data_digest: str
    model_version: str
    archive_bytes: int
    latency: Latency
    champion: Champion | None
    champion_floor: float
    champion_margin: float
    others_margin: float
    gates: tuple[Gate, ...]
    verdict: str
    headline: str
    explanation: str

    @property
    def passed(self) -> bool:
        """Whether no gate failed, so that the pipeline registers the model."""
        return passed(self.gates)

    def to_json(self) -> dict[str, Any]:
        """The contents of `evaluation.json`."""
        return asdict(self)


def evaluate(
    labels: Labels,
    probabilities: Probabilities,
    model: ModelInfo,
    archive: Archive,
    champion: Champion | None,
    limits: Limits,
    beyond: Beyond,
) -> Evaluation:
    """Measure predictions (N, classes) against labels (N,), in which every class must occur, and check the gates.

    `beyond` has what was measured on other photos.
    """
    measured = measure(labels, probabilities, model.classes, model.threshold, beyond)
    floor = champion_floor(champion, limits.regression)
    gates = check_gates(measured, limits, floor if champion and champion.measurements else None)
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
        others_margin=margin(gates, "others_decided"),
        gates=gates,
        verdict=describe(gates, champion),
        headline=verdict.headline(champion, passed=passed(gates)),
        explanation=verdict.explanation(measured, champion),
    )
