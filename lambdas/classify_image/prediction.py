"""The endpoint's response, checked before anything is decided with it."""

import json
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.errors import EndpointFailed, InvalidRequest
from lambdas.shared.events import fraction, kind, probabilities, text, texts, value


@dataclass(frozen=True)
class Prediction:
    """One photo's probabilities, one for each label, and the threshold that belongs to the model that made them."""

    labels: list[str]
    probabilities: list[float]
    threshold: float
    model_version: str

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """From `{"labels", "probabilities": [[…]], "threshold", "model_version"}`; raises EndpointFailed."""
        try:
            response = json.loads(body)
            labels = texts(response, "labels")
            row = {"probabilities[0]": only_row(value(response, "probabilities"))}
            return cls(
                labels=labels,
                probabilities=probabilities(row, "probabilities[0]", len(labels)),
                threshold=fraction(response, "threshold"),
                model_version=text(response, "model_version"),
            )
        except (ValueError, InvalidRequest) as error:
            raise EndpointFailed(f"the endpoint's response breaks its contract: {error}") from error

    def as_event(self) -> dict[str, Any]:
        """The keys that the next function reads."""
        return {
            "inferences": self.probabilities,
            "labels": self.labels,
            "threshold": self.threshold,
            "model_version": self.model_version,
        }


def only_row(rows: object) -> object:
    """The probabilities of the one image that was sent."""
    if not isinstance(rows, list) or len(rows) != 1:
        raise InvalidRequest(f"'probabilities' must have one row for the one image, got {kind(rows)}")
    return rows[0]
