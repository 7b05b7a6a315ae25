"""Photos out of captured requests, predictions out of captured answers."""

import json
import math
from dataclasses import dataclass
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from monitoring.captures.record import CaptureModel, Payload, decode_base64, parse
from monitoring.errors import UnusableLineError

SUM_TOLERANCE = 1e-3  # answers are rounded to single precision, some to four digits


@dataclass(frozen=True)
class Defaults:
    """What an answer of bare probabilities leaves open: the classes, in order, and the confidence threshold."""

    classes: tuple[str, ...]
    threshold: float | None = None


class Answer(CaptureModel):
    """The response of the endpoint: one row of probabilities an image, one column a label."""

    labels: tuple[str, ...] = Field(min_length=1)
    probabilities: tuple[tuple[float, ...], ...]
    threshold: float = Field(ge=0, le=1)
    model_version: str | None = None
    synthetic: bool = False

    @property
    def rows(self) -> list["Prediction"]:
        """The prediction of each image, in order."""
        return [
            Prediction(self.labels, row, self.threshold, self.model_version, self.synthetic)
            for row in self.probabilities
        ]


class Instances(CaptureModel):
    """A request of several images, each BASE64."""

    instances: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Prediction:
    """What the endpoint answered about one image."""

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    threshold: float
    model_version: str | None
    synthetic: bool

    def __post_init__(self) -> None:
        """One probability a label, and together they are a distribution; else UnusableLineError."""
        if len(self.labels) != len(self.probabilities):
            raise UnusableLineError(
                f"the answer has {len(self.probabilities)} probabilities for {len(self.labels)} classes "
                f"({', '.join(self.labels)})"
            )
        total = math.fsum(self.probabilities)
        # Written so that NaN, which compares false with everything, fails as well.
        if not (min(self.probabilities) >= 0 and abs(total - 1) <= SUM_TOLERANCE):
            raise UnusableLineError(f"the answer is no distribution: its probabilities add up to {total:.6g}, not 1")

    @property
    def confidence(self) -> float:
        """The largest probability."""
        return max(self.probabilities)

    @property
    def label(self) -> str:
        """The most probable class; the first of several."""
        return self.labels[self.probabilities.index(self.confidence)]

    @property
    def decision(self) -> str:
        """`accepted` at or above the threshold, else `low_confidence`."""
        return "accepted" if self.confidence >= self.threshold else "low_confidence"

    @property
    def columns(self) -> dict[str, Any]:
        """What the frame says about it."""
        derived = {"predicted": self.label, "confidence": self.confidence, "decision": self.decision}
        return {**vars(self), **derived}


def images_of(request: Payload) -> list[bytes]:
    """The encoded images of a request. Raises UnusableLineError for requests that are no photos."""
    kind = request.content_type
    if kind.startswith("image/") or kind == "application/x-image":
        return [request.content()]
    if kind == "application/json":
        return [decode_base64(instance) for instance in parse(Instances, request.content()).instances]
    raise UnusableLineError(f"a request of type '{kind or 'unknown'}' is no photo")


def predictions_of(answer: Payload, defaults: Defaults) -> list[Prediction]:
    """The predictions of an answer, one an image. Raises UnusableLineError for answers that are no probabilities."""
    content = answer.content()
    if content.lstrip().startswith(b"["):
        return [_bare(content, defaults)]
    return parse(Answer, content).rows


def _bare(content: bytes, defaults: Defaults) -> Prediction:
    """The built-in image-classification algorithm answers `[p, …]`, the classes' order being that of its training."""
    try:
        probabilities = TypeAdapter(tuple[float, ...]).validate_python(json.loads(content), strict=False)
    except (ValueError, ValidationError) as error:
        raise UnusableLineError(f"the answer is no list of probabilities: {content[:80]!r}") from error
    if defaults.threshold is None:
        raise UnusableLineError("the answer names no threshold, and none was given: pass --threshold")
    return Prediction(defaults.classes, probabilities, defaults.threshold, None, synthetic=False)
