"""Decides whether the model is confident enough for its answer to be used without a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.events import fraction, probabilities, text, texts


@dataclass(frozen=True)
class Inference:
    """The endpoint's answer about one photo: a probability for each label, and the threshold of the model."""

    labels: list[str]
    inferences: list[float]
    threshold: float
    model_version: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Reads the answer from an event of the workflow; raises InvalidRequest."""
        labels = texts(event, "labels")
        return cls(
            labels=labels,
            inferences=probabilities(event, "inferences", len(labels)),
            threshold=fraction(event, "threshold"),
            model_version=text(event, "model_version"),
        )

    def as_event(self) -> dict[str, Any]:
        """The keys that came with the event, unchanged."""
        return {
            "threshold": self.threshold,
            "labels": self.labels,
            "inferences": self.inferences,
            "model_version": self.model_version,
        }


def decide(inference: Inference) -> dict[str, Any]:
    """The most probable label, accepted at or above the threshold; of equally probable labels the first wins."""
    confidence, label = max(zip(inference.inferences, inference.labels, strict=True), key=lambda pair: pair[0])
    accepted = confidence >= inference.threshold
    return {"decision": "accepted" if accepted else "low_confidence", "label": label, "confidence": confidence}
