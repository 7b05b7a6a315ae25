"""A photo as a reviewer sees it, and the part of it that a model sees.

It is decoded here and written anew, so that a browser never gets the bytes that somebody uploaded.
"""

import io
from dataclasses import dataclass

from botocore.exceptions import ClientError
from PIL import Image

from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.reading import fit, small_square
from pipelines.aws import client_explanation
from pipelines.errors import DataError
from pipelines.review.archive import Archive
from pipelines.review.records import Record

SCREEN_SIDE = 1600  # pixels at most of what is shown
MODEL_SIDE = 224  # pixels at most of the square in the middle, as the workflow sends it to the endpoint


@dataclass(frozen=True)
class Picture:
    """A photo as PNG files: `screen` is all of it, `square` what a model sees. `problem` says why there are none."""

    screen: bytes | None = None
    square: bytes | None = None
    size: str = ""
    problem: str = ""


def load(archive: Archive, record: Record) -> Picture:
    """Fetches and decodes the photo of a record."""
    try:
        content = archive.photo(record.source)
        whole, square = fit(content, SCREEN_SIDE), small_square(content, MODEL_SIDE)
    except (DataError, UnreadablePhotoError, PhotoTooLargeError) as error:
        return Picture(problem=str(error))
    except ClientError as error:
        return Picture(problem=client_explanation(error))
    return Picture(_png(whole.image), _png(square.image), f"{whole.width} × {whole.height} pixels")


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
