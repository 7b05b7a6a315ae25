"""Decides whether the model is confident enough for its answer to be used without a person, and if not, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.events import fraction, probabilities, text, texts


@dataclass(frozen=True)
class Inference:
    """The endpoint's answer about one photo: a probability for each label, and the threshold of the model.

    `other` is the probability that the photo shows none of the labels; None where the model cannot tell.
    """

    labels: list[str]
    inferences: list[float]
    other: float | None
    threshold: float
    model_version: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Reads the answer from an event of the workflow, which may lack `other`; raises InvalidRequest."""
        labels = texts(event, "labels")
        other = None if event.get("other") is None else fraction(event, "other")
        return cls(
            labels=labels,
            inferences=probabilities(event, "inferences", len(labels), other),
            other=other,
            threshold=fraction(event, "threshold"),
            model_version=text(event, "model_version"),
        )

    def as_event(self) -> dict[str, Any]:
        """The keys that came with the event, unchanged; `other` is there in any case."""
        return {
            "threshold": self.threshold,
            "labels": self.labels,
            "inferences": self.inferences,
            "other": self.other,
            "model_version": self.model_version,
        }


def decide(inference: Inference) -> dict[str, Any]:
    """The most probable label, accepted at or above the threshold; of equally probable labels the first wins.

    A label that is not accepted has a reason: the photo more probably shows something else than any of the labels
    (`not_a_known_vehicle`), or the model is not sure enough which of them it is (`low_confidence`).
    """
    confidence, label = max(zip(inference.inferences, inference.labels, strict=True), key=lambda pair: pair[0])
    if confidence >= inference.threshold:
        decision = "accepted"
    elif inference.other is not None and inference.other > confidence:
        decision = "not_a_known_vehicle"
    else:
        decision = "low_confidence"
    return {"decision": decision, "label": label, "confidence": confidence}
