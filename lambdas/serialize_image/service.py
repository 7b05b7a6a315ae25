"""From an object in S3 to the text that travels through the workflow."""

import base64
import io

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.errors import PhotoNotFound, PhotoTooLarge, PhotoUnreadable
from lambdas.shared.events import Photo
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import FORMATS, MAXIMUM_BYTES
from photos.reading import fit

MAXIMUM_SIDE = 224  # pixels
MISSING = {"NoSuchKey", "NoSuchBucket", "404"}


def serialize(s3: BaseClient, photo: Photo) -> str:
    """The photo as base64 of a PNG of at most 224 px a side.

    It always fits into the 262,144 bytes of state that Step Functions carries: 224 rows of 224 RGB pixels and a filter
    byte are 150,752 bytes; deflate stores what it cannot compress with 5 bytes a block of 16 KB or more, and PNG adds
    less than 3 KB of headers and chunk frames (there is no metadata). That is below 154,000 bytes, in base64 below
    206,000; bucket, key and identifier, escaped as JSON, are below 8,000.

    Raises:
        PhotoNotFound, PhotoTooLarge, PhotoUnreadable: as their names say.

    """
    return base64.b64encode(to_small_png(read(s3, photo))).decode("ascii")


def to_small_png(content: bytes) -> bytes:
    """The photo as an upright RGB PNG of at most 224 px a side, without metadata; a smaller photo keeps its pixels.

    Raises:
        PhotoTooLarge, PhotoUnreadable: as their names say.

    """
    try:
        small = fit(content, MAXIMUM_SIDE).image
    except PhotoTooLargeError as error:
        raise PhotoTooLarge(str(error)) from error
    except UnreadablePhotoError as error:
        raise PhotoUnreadable(f"not a readable photo ({', '.join(FORMATS)}): {error}") from error
    png = io.BytesIO()
    small.save(png, "PNG", optimize=True)
    return png.getvalue()


def read(s3: BaseClient, photo: Photo) -> bytes:
    """The object's bytes; its size is checked before any of them is read."""
    where = f"s3://{photo.s3_bucket}/{photo.s3_key}"
    try:
        answer = s3.get_object(Bucket=photo.s3_bucket, Key=photo.s3_key)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise PhotoNotFound(f"there is no {where}") from error
        raise
    with answer["Body"] as body:
        if answer["ContentLength"] > MAXIMUM_BYTES:
            raise PhotoTooLarge(f"{where} has {answer['ContentLength']:,} bytes; at most {MAXIMUM_BYTES:,} are read")
        content: bytes = body.read()
    return content
