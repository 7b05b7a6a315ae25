"""The rows of the result table: one a photo, always with the same columns. What a photo has not is null."""

import json
from collections.abc import Mapping
from typing import Any

from lambdas.classify_image.models import Prediction
from lambdas.filter_inference.decision import Inference, decide
from lambdas.shared.events import Photo

Row = dict[str, Any]
COLUMNS = (
    "s3_bucket",
    "s3_key",
    "s3_version_id",
    "decision",  # accepted | low_confidence | not_a_known_vehicle | unusable | skipped
    "label",
    "confidence",
    "other",
    "threshold",
    "loading_bay",  # of accepted photos
    "order_radius_km",
    "model_version",
    "inference_id",  # of the request, which data capture has
    "position",  # of the photo in that request
    "reason",  # why a photo is unusable or skipped
)
LONGEST_ENTRY = 200  # characters of an entry that is no photo, in its row


def decided(photo: Photo, position: int, prediction: Prediction, routes: Mapping[str, Mapping[str, Any]]) -> Row:
    """The row of a photo that the model answered; `photo` has the identifier of the request."""
    inference = Inference(
        labels=prediction.labels,
        inferences=prediction.probabilities,
        other=prediction.other,
        threshold=prediction.threshold,
        model_version=prediction.model_version,
    )
    decision = decide(inference)
    route = routes.get(decision["label"], {}) if decision["decision"] == "accepted" else {}
    answer = {"other": prediction.other, "threshold": prediction.threshold, "model_version": prediction.model_version}
    return row(**photo.as_event(), **decision, **answer, **route, position=position)


def undecided(photo: Photo, decision: str, reason: str) -> Row:
    """The row of a photo that was not asked about."""
    return row(**{**photo.as_event(), "inference_id": None}, decision=decision, reason=reason)


def no_photo(item: object, bucket: str, error: Exception) -> Row:
    """The row of an entry of the source that names no photo."""
    entry = json.dumps(item, ensure_ascii=False)[:LONGEST_ENTRY]
    return row(s3_bucket=bucket, decision="unusable", reason=f"{name_and_words(error)}; the entry is {entry}")


def name_and_words(error: Exception) -> str:
    """An error as a row's reason tells it."""
    return f"{type(error).__name__}: {error}"


def row(**known: object) -> Row:
    """A row with these values and null elsewhere."""
    return {column: known.get(column) for column in COLUMNS}
