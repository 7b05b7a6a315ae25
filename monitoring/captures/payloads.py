"""Extracts photos from captured requests, and predictions from captured answers."""

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import Field, ValidationError

from monitoring.captures.answers import is_ours, read_rows
from monitoring.captures.record import CaptureModel, Payload, parse
from monitoring.errors import UnusableLineError
from photos.bodies import is_json, is_photo, photos_of
from photos.errors import PhotoError

TURNED = 0.1  # a photo is seen turned if the probability that it is upright is below this: the model is sure
SUM_TOLERANCE = 1e-3  # answers are rounded to single precision, some to four digits
MOST_CLASSES = 1000
LONGEST_NAME = 200  # characters


@dataclass(frozen=True)
class Defaults:
    """Classes, in order, and confidence threshold for answers that are bare probabilities."""

    classes: tuple[str, ...]
    threshold: float | None = None


class Answer(CaptureModel):
    """The endpoint's response: one row of probabilities for each image, one column for each label.

    `other` has the probability that an image shows none of the labels. It is None where the model cannot tell, and
    missing in answers of older models. `upright` has the probability that an image is not turned.
    """

    labels: tuple[str, ...] = Field(min_length=1, max_length=MOST_CLASSES)
    probabilities: tuple[tuple[float, ...], ...]
    other: tuple[float, ...] | None = None
    upright: tuple[float, ...] | None = None
    threshold: float = Field(ge=0, le=1)
    model_version: str | None = None
    synthetic: bool = False

    @property
    def rows(self) -> list["Prediction"]:
        """The prediction of each image, in order. Raises UnusableLineError."""
        columns = (self.probabilities, self._each("other"), self._each("upright"))
        return [
            Prediction(self.labels, row, other, upright, self.threshold, self.model_version, self.synthetic)
            for row, other, upright in zip(*columns, strict=True)
        ]

    def _each(self, key: str) -> tuple[float | None, ...]:
        """What a key says of each image; None where the model does not say it."""
        found: tuple[float, ...] | None = getattr(self, key)
        if found is None:
            return (None,) * len(self.probabilities)
        if len(found) != len(self.probabilities):
            raise UnusableLineError(f"the answer has {len(self.probabilities)} rows, and {len(found)} in '{key}'")
        return found


@dataclass(frozen=True)
class Prediction:
    """The endpoint's answer for one image. Raises UnusableLineError unless it is a probability distribution.

    `other` is the probability of everything that has no label, `upright` that the image is not turned; None where the
    model cannot tell.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    other: float | None
    upright: float | None
    threshold: float
    model_version: str | None
    synthetic: bool

    def __post_init__(self) -> None:
        """Checks the labels, that each has a probability, and that the probabilities add up to 1."""
        if not _are_names(self.labels):
            raise UnusableLineError(
                f"the answer has more than {MOST_CLASSES} classes, or a class without a printable name of at most "
                f"{LONGEST_NAME} characters"
            )
        if len(self.labels) != len(self.probabilities):
            raise UnusableLineError(
                f"the answer has {len(self.probabilities)} probabilities for {len(self.labels)} classes "
                f"({', '.join(self.labels)})"
            )
        row = self.probabilities if self.other is None else (*self.probabilities, self.other)
        for probability in row:
            if not 0 <= probability <= 1 + SUM_TOLERANCE:  # NaN compares false with everything, and is rejected too
                raise UnusableLineError("the answer is not a distribution: a probability is not from 0 to 1")
        if self.upright is not None and not 0 <= self.upright <= 1 + SUM_TOLERANCE:
            raise UnusableLineError("the answer's probability that the image is upright is not from 0 to 1")
        total = math.fsum(row)
        if abs(total - 1) > SUM_TOLERANCE:
            raise UnusableLineError(f"the answer is not a distribution: its probabilities add up to {total:.6g}, not 1")

    @property
    def confidence(self) -> float:
        """The largest probability of a class."""
        return max(self.probabilities)

    @property
    def label(self) -> str:
        """The most probable class; the first one if several are equally probable."""
        return self.labels[self.probabilities.index(self.confidence)]

    @property
    def decision(self) -> str:
        """What the workflow decides (`lambdas/filter_inference/decision.py`)."""
        return self._decision(self.confidence)

    def _decision(self, confidence: float) -> str:
        if confidence >= self.threshold:
            return "accepted"
        unknown = self.other is not None and self.other > confidence
        return "not_a_known_vehicle" if unknown else "low_confidence"

    @property
    def columns(self) -> dict[str, Any]:
        """The prediction's values in the table of photos, by column."""
        most = self.confidence
        label = self.labels[self.probabilities.index(most)]
        return {**vars(self), "predicted": label, "confidence": most, "decision": self._decision(most)}


@lru_cache(maxsize=64)  # answers of one model have the same
def _are_names(labels: tuple[str, ...]) -> bool:
    named = all(name.isprintable() and len(name) <= LONGEST_NAME for name in labels)
    return len(labels) <= MOST_CLASSES and named


def images_of(request: Payload) -> list[bytes]:
    """The encoded images of a request. Raises UnusableLineError if the request contains no photos."""
    kind = request.content_type
    if is_photo(kind):
        return [request.content()]
    if not is_json(kind):
        raise UnusableLineError(f"a request of type '{kind or 'unknown'}' is not a photo")
    try:
        return photos_of(request.content())
    except PhotoError as error:
        raise UnusableLineError(f"the request has no images that can be read: {error}") from error


def predictions_of(answer: Payload, defaults: Defaults) -> list[Prediction]:
    """The predictions of an answer, one for each image. Raises UnusableLineError if it has no valid probabilities.

    An answer of this project's endpoint names its labels and threshold. Others take them from the defaults.
    """
    content = answer.content()
    with suppress(ValidationError):  # most answers are ours and in order; the rest says what else they may be
        return Answer.model_validate_json(content).rows
    if is_ours(content, defaults.classes):
        return parse(Answer, content).rows
    rows = read_rows(content, answer.content_type, defaults.classes)
    if defaults.threshold is None:
        raise UnusableLineError("the answer names no threshold; give one with --threshold")
    return [
        Prediction(
            row.labels or defaults.classes, row.probabilities, None, None, defaults.threshold, None, synthetic=False
        )
        for row in rows
    ]
