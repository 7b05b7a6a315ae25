"""What a model says of a photo, and whether it says the same as before. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import fraction, kind, probabilities, text, texts, value

# Most by which a probability may differ. Another processor or library moves the sure answers that are kept by less than
# a thousandth; exchanged labels, wrong weights or another preprocessing move them by far more.
TOLERANCE = 0.05


@dataclass(frozen=True)
class Answer:
    """The probability of each label, and of anything else; None where the model cannot tell."""

    probabilities: Mapping[str, float]
    other: float | None

    @classmethod
    def of(cls, labels: list[str], found: object) -> Self:
        """The answer in an object with `probabilities`, one for each label, and `other`; raises InvalidRequest."""
        other = None if value(found, "other") is None else fraction(found, "other")
        row = probabilities(found, "probabilities", len(labels), other)
        return cls(dict(zip(labels, row, strict=True)), other)

    def agrees(self, before: Self) -> bool:
        """Whether it says what was said before, but for differences that another machine makes."""
        if self.probabilities.keys() != before.probabilities.keys() or (self.other is None) != (before.other is None):
            return False
        pairs = [(each, before.probabilities[label]) for label, each in self.probabilities.items()]
        pairs.append((self.other or 0, before.other or 0))
        return all(math.isclose(*pair, rel_tol=0, abs_tol=TOLERANCE) for pair in pairs)


def answered(response: object) -> tuple[str, Answer]:
    """The model's version and its answer, in the endpoint's response to one photo; raises InvalidRequest."""
    others = value(response, "other") if isinstance(response, Mapping) and "other" in response else None
    row = {"probabilities": only(value(response, "probabilities")), "other": only(others)}
    return text(response, "model_version"), Answer.of(texts(response, "labels"), row)


def only(found: object) -> object:
    """The one item of a list, or None for none; raises InvalidRequest."""
    if found is not None and not (isinstance(found, list) and len(found) == 1):
        raise InvalidRequest(f"expected a list with what is said of one photo, got {kind(found)}")
    return found and found[0]
