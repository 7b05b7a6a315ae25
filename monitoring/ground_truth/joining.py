"""Finds the photos that ground truth is about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.ground_truth.records import GroundTruth

NONE = "none of the classes"  # what a photo of anything else shows, and what the model says of it


@dataclass(frozen=True)
class Joined:
    """Photos whose actual class is known, in a table with their index.

    Columns: `actual` and `answered` (a class, or NONE), `decided` (whether the model was sure enough to act), and
    `believed` (how sure it was of its answer). `named` counts actual classes that the model does not have, by name.
    `misfits` are requests with another number of photos than their ground truth has classes.
    """

    photos: pd.DataFrame
    named: dict[str, int]
    misfits: int


def join(photos: pd.DataFrame, truth: GroundTruth) -> Joined:
    """Joins answered photos with their actual classes, by inference id, or else by event id."""
    answered = photos.dropna(subset="predicted")
    known = [_find(truth, *ids) for ids in zip(answered["inference_id"], answered["event_id"], strict=True)]
    sizes = answered.groupby("event_id")["position"].transform("size").tolist()
    fits = [classes is not None and len(classes) == size for classes, size in zip(known, sizes, strict=True)]
    found = answered[np.array(fits, dtype=bool)]  # an empty list would choose columns
    places = zip([each for each, fit in zip(known, fits, strict=True) if fit], found["position"], strict=True)
    named = [classes[place] for classes, place in places if classes]
    actual = [_resolved(name, labels) for name, labels in zip(named, found["labels"], strict=True)]
    strangers = [name for name, own in zip(named, actual, strict=True) if own == NONE]
    odd = answered[np.array([bool(classes) and not fit for classes, fit in zip(known, fits, strict=True)], dtype=bool)]
    table = pd.DataFrame(
        {
            "actual": pd.Series(actual, index=found.index),
            "answered": answers(found),
            "decided": found["decision"] == "accepted",
            "believed": believed(found),
        }
    )
    return Joined(table, dict(Counter(strangers).most_common()), odd["event_id"].nunique())


def answers(photos: pd.DataFrame) -> pd.Series:
    """What the model says of each photo: a class, or NONE where it finds that more probable than each class."""
    return photos["predicted"].where(photos["decision"] != "not_a_known_vehicle", NONE)


def believed(photos: pd.DataFrame) -> pd.Series:
    """The probability that `answers` gives to what it says."""
    return photos["confidence"].where(photos["decision"] != "not_a_known_vehicle", photos["other"])


def _find(truth: GroundTruth, inference_id: str | None, event_id: str) -> tuple[str, ...] | None:
    found = truth.classes.get(inference_id) if isinstance(inference_id, str) else None
    return found or truth.classes.get(event_id)


def _resolved(name: str, labels: Sequence[str]) -> str:
    """A class of the answer, which may be given by its place; NONE for everything else."""
    if name in labels:
        return name
    place = int(name) if name.isascii() and name.isdecimal() else len(labels)
    return labels[place] if place < len(labels) else NONE
