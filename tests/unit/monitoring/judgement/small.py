"""Windows of a few pictures, and a reference that sees only how light and how red they are: quick to judge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from unit.monitoring.judgement.made_up import REFERENCE

from monitoring.appearance.appearance import appearance
from monitoring.drift.baseline import Baseline
from monitoring.features.images import Seen, digest
from monitoring.features.pixels import Pixels
from monitoring.judgement.reference import Reference
from monitoring.judgement.window import Window
from monitoring.profiles.making import profile_of
from monitoring.profiles.shelf import Period
from monitoring.statistics.model_monitor import Constraints, Statistics
from monitoring.statistics.statistics import numerical_feature

CLASSES = ("bicycle", "motorcycle")
START = datetime(2026, 3, 9, tzinfo=UTC)
TINT = np.array([[25, 0, -25], [-25, 0, 25]])  # bicycles are reddish, motorcycles bluish
LIGHT, RED = 0, 13  # columns of `appearance`: from 0 to 1, and about 1.6 for bicycles and -1.6 for motorcycles


def turns(count: int) -> np.ndarray:
    """Bicycles and motorcycles by turns, as 0 and 1."""
    return np.arange(count) % 2


def pictures(classes: np.ndarray) -> Pixels:
    """Pictures of these classes, each with other squares."""
    squares = np.random.default_rng(1).integers(70, 180, (len(classes), 8, 8, 1)) + TINT[classes][:, None, None]
    return np.kron(squares, np.ones((1, 4, 4, 1))).astype(np.uint8)


def small_reference() -> Reference:
    """Its traits are how light a picture is, in tenths, and a score for each class, about 1 or -1."""
    columns = sum(part.shape[1] for part in appearance(pictures(turns(2))))
    centre, scale, weights = np.zeros(columns), np.ones(columns), np.zeros((2, columns))
    centre[LIGHT], scale[LIGHT] = 0.49, 0.1
    weights[:, RED] = 0.64, -0.64
    return replace(
        REFERENCE,
        photos=40,
        plain=1,
        centre=centre,
        scale=scale,
        weights=weights,
        offsets=np.zeros(2),
        mean=np.zeros(3),
        covariance=np.eye(3),
        causes=("dark",),
        shifts=np.array([[-2.5, 0, 0]]),
        harmless=np.zeros((1, 3)),
        class_shifts=np.zeros((2, 3)),
    )


def rows(pixels: Pixels, answers: Sequence[int | None], **more: Any) -> list[dict[str, Any]]:
    """Rows of photos, one a minute, with answers that are sure unless `more` says otherwise."""
    found = []
    for number, (picture, answer) in enumerate(zip(pixels, answers, strict=True)):
        seen = Seen(picture.tobytes(), 32, 32)
        row: dict[str, Any] = {
            "record": number * 2**40,
            "event_id": f"9-{number}",
            "position": 0,
            "time": START + timedelta(minutes=number),
            "content_type": "image/png",
            "file": "x.jsonl",
            "line": number + 1,
            "place": number,
            "image_digest": digest(seen.pixels),
            "status": "ok",
            "width": 32,
            "height": 32,
            "seen": seen,
        }
        if answer is not None:
            row |= {"labels": CLASSES, "predicted": CLASSES[answer], "confidence": 0.97, "threshold": 0.9}
            row |= {"decision": "accepted", **more}
        found.append(row)
    return found


def window(found: list[dict[str, Any]], **more: Any) -> Window:
    """The first hour of the day, in which these photos came."""
    return Window(START, START + timedelta(hours=1), Period(profile_of(found)), **more)


def statistics(right: float, gap: float, photos: int = 200) -> Baseline:
    """What EvaluateModel's test photos leave in the baseline."""
    values = np.where(np.arange(photos) < photos * right, 0.1, -0.9)
    feature = numerical_feature("calibration_gap", pd.Series(values - values.mean() + gap))
    return Baseline(statistics=Statistics(features=(feature,)), constraints=Constraints())
