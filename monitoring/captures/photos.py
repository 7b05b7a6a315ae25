"""The table of captured photos, one row for each image."""

from itertools import zip_longest
from typing import Any

import pandas as pd

from monitoring.captures.files import Line
from monitoring.captures.payloads import Defaults, images_of, predictions_of
from monitoring.captures.record import Record, digest_of
from monitoring.errors import UnreadableImageError, UnusableLineError
from monitoring.features.images import digest, facts, glance, see

# A value is missing where the capture has none: without an answer, for example, there is no decision.
COLUMNS = {
    "event_id": "string",
    "inference_id": "string",
    "position": "int64",  # of the image in its request, from 0
    "time": "datetime64[us, UTC]",
    "content_type": "string",
    "status": "string",  # ok | unreadable
    "reason": "string",  # why the image is unreadable
    "labels": "object",  # tuple of class names
    "probabilities": "object",  # tuple, one for each label
    "other": "float64",  # probability of everything else, where the model can tell
    "upright": "float64",  # probability that the image is not turned, where the model says it
    "predicted": "string",
    "confidence": "float64",
    "threshold": "float64",
    "decision": "string",  # accepted | low_confidence | not_a_known_vehicle
    "model_version": "string",
    "synthetic": "boolean",  # the model was trained on generated images
    "image_digest": "string",
    "width": "float64",  # pixels
    "height": "float64",
    "brightness": "float64",  # 0 to 1
    "contrast": "float64",
    "saturation": "float64",
    "sharpness": "float64",
    "file": "string",
    "line": "int64",  # from 1
    "place": "int64",  # of the line in its file, in bytes
}

Row = dict[str, Any]  # and `record`, the digest of its id, and `seen`, what was seen of the image
EACH = 2**64 - 1  # no digest of a record is above it


def frame(rows: list[Row]) -> pd.DataFrame:
    """A table of rows, in order of time. Columns and their types are the same even without rows."""
    return in_order(table(rows))


def table(rows: list[Row]) -> pd.DataFrame:
    """A table of rows as they are, in which what `see` saw of the images has become their features."""
    seen = [index for index, row in enumerate(rows) if "seen" in row]
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    if seen:
        found = facts([rows[index]["seen"] for index in seen])
        for name, values in vars(found).items():
            for index, value in zip(seen, values.tolist(), strict=True):
                columns[name][index] = value
    return pd.DataFrame(columns, columns=list(COLUMNS)).astype(COLUMNS)


def in_order(photos: pd.DataFrame) -> pd.DataFrame:
    """The table of photos in order of time, and of their places in the files."""
    return photos.sort_values(["time", "file", "line", "position"], ignore_index=True)


def rows_of(record: Record, defaults: Defaults, line: Line, most: int = EACH) -> list[Row]:
    """The rows of a record, one for each image, still without its features. Raises UnusableLineError.

    Images of records whose digest is above `most` are not decoded if their checksums say that they are in order.
    """
    request, answer = record.data.endpoint_input, record.data.endpoint_output
    images = images_of(request) if request else []
    predictions = predictions_of(answer, defaults) if answer else []
    if request and answer and len(images) != len(predictions):
        raise UnusableLineError(f"the request has {len(images)} images, the answer {len(predictions)}")
    if not images and not predictions:
        raise UnusableLineError("captureData has neither photos nor predictions")
    number = digest_of(record.metadata.event_id)
    common = {
        "record": number,
        "event_id": record.metadata.event_id,
        "inference_id": record.metadata.inference_id,
        "time": record.metadata.inference_time,
        "content_type": request.content_type if request else None,
        "file": line.file,
        "line": line.number,
        "place": line.place,
    }
    return [
        {
            **common,
            "position": position,
            **_image_columns(image, closely=number <= most),
            **(prediction.columns if prediction else {}),
        }
        for position, (image, prediction) in enumerate(zip_longest(images, predictions))
    ]


def _image_columns(image: bytes | None, *, closely: bool) -> Row:
    """An image's values in the table, or the reason why it cannot be read."""
    if image is None:
        return {"status": "ok"}
    if not closely and (size := glance(image)):
        return {"status": "ok", "image_digest": digest(image), "width": size[0], "height": size[1]}
    try:
        seen = see(image)
        return {"status": "ok", "image_digest": digest(image), "seen": seen, "width": seen.width, "height": seen.height}
    except UnreadableImageError as error:
        return {"status": "unreadable", "reason": str(error), "image_digest": digest(image)}
