"""What people answer: the record of an answer, and the ground truth that follows from it. Pure.

Ground truth is in the format that Model Monitor reads: "Ingest Ground Truth Labels and Merge Them With Predictions",
Amazon SageMaker Developer Guide.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.review.records import Record
from pipelines.settings.naming import REVIEW_ANSWERS

GROUND_TRUTH = "ground-truth/"


@dataclass(frozen=True)
class Reviewer:
    """A person, by the ARN with which they call AWS."""

    arn: str

    @property
    def name(self) -> str:
        """What people call them: the user, or the session of an assumed role."""
        return self.arn.rpartition("/")[2].rpartition(":")[2]

    @property
    def digest(self) -> str:
        """What names them in keys of S3."""
        return hashlib.sha256(self.arn.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Answer:
    """An answer about a photo. `shown` is its class or NONE_OF_THESE; None if the reviewer could not tell.

    `image` is the square in the middle as a PNG, which is all that a model would see; None if it cannot be read.
    """

    record: Record
    shown: str | None
    reviewer: Reviewer
    at: datetime
    image: bytes | None

    @property
    def key(self) -> str:
        """The key of the answer's own record. A reviewer has one answer to a photo."""
        return f"{REVIEW_ANSWERS}{self.record.execution}/{self.reviewer.digest}.json"

    @property
    def ground_truth_key(self) -> str:
        """The key of the ground truth, by the hour (UTC) of the answer. Later answers have later names."""
        time = f"{self.at:%Y/%m/%d/%H/%M-%S}-{self.at.microsecond // 1000:03d}"
        return f"{GROUND_TRUTH}{time}-{self.record.execution}-{self.reviewer.digest}.jsonl"

    @property
    def document(self) -> dict[str, Any]:
        """The answer as it is kept."""
        return {
            **self.record.model_dump(mode="json", exclude_none=True),
            "shown": self.shown,
            "reviewer": self.reviewer.arn,
            "answered_at": self.at.isoformat(timespec="milliseconds"),
            "image": base64.b64encode(self.image).decode() if self.image else None,
        }

    @property
    def ground_truth(self) -> str:
        """The line of ground truth."""
        record = {
            "groundTruthData": {"data": self.shown, "encoding": "CSV"},
            "eventMetadata": {"eventId": self.record.inference_id},
            "eventVersion": "0",
        }
        return json.dumps(record, ensure_ascii=False) + "\n"


def seen_twice(execution: str, share: float) -> bool:
    """Whether a photo belongs to the share that two people see. Its execution's name decides."""
    return int(hashlib.sha256(execution.encode()).hexdigest()[:8], 16) < share * 2**32


@dataclass(frozen=True)
class Agreement:
    """How far first and second answers to the same photos agree."""

    photos: int
    agreed: int
    kappa: float | None

    @property
    def text(self) -> str:
        """The agreement in words."""
        if not self.photos:
            return "no photo has been seen by two people"
        kappa = "" if self.kappa is None else f", Cohen's kappa {self.kappa:.2f}"
        return f"{self.agreed} of {self.photos} photos that two people saw have the same answer{kappa}"


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """The agreement of pairs of answers. Cohen's kappa is None where chance alone would explain it all."""
    agreed, count = sum(one == other for one, other in pairs), len(pairs)
    firsts, seconds = [one for one, _ in pairs], [other for _, other in pairs]
    by_chance = sum(firsts.count(name) * seconds.count(name) for name in set(firsts)) / count**2 if count else 1.0
    kappa = (agreed / count - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return Agreement(count, agreed, kappa)


def pair_of(documents: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The first two answers to a photo, in the order in which they were given; None if there are fewer."""
    told = sorted((each for each in documents if each["shown"] is not None), key=lambda each: str(each["answered_at"]))
    return (str(told[0]["shown"]), str(told[1]["shown"])) if len(told) > 1 else None
