"""Turns a photo in S3 into a small PNG in base64, which the workflow passes from function to function."""

import base64
import io

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from lambdas.shared.errors import PhotoForbidden, PhotoNotFound, PhotoTooLarge, PhotoUnreadable, StorageUnavailable
from lambdas.shared.events import Photo
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import FORMATS, MAXIMUM_BYTES
from photos.reading import fit

MAXIMUM_SIDE = 224  # pixels
# S3's codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html); those of KMS begin with `KMS.`.
MISSING = {"NoSuchKey", "NoSuchBucket", "404", "InvalidBucketName", "KeyTooLongError"}
FORBIDDEN = {"AccessDenied", "403", "AllAccessDisabled", "AccountProblem", "InvalidObjectState", "NotSignedUp"}


def serialize(s3: BaseClient, photo: Photo) -> str:
    """The photo as a PNG of at most 224 pixels a side, in base64.

    The result always fits into the state of Step Functions, which may have 262,144 bytes:

    - The pixels are at most 224 rows of 224 RGB pixels and one filter byte: 150,752 bytes.
    - Where they cannot be compressed, deflate adds 5 bytes to each block of 16 KB or more. PNG adds headers and chunk
      frames, which are less than 3 KB because there is no metadata. So the PNG has less than 154,000 bytes, and its
      base64 less than 206,000.
    - Bucket, key and identifier have less than 8,000 bytes, escaped as JSON.

    Raises:
        PhotoNotFound: the bucket does not exist, or has no such object.
        PhotoTooLarge: the object has too many bytes, or the photo too many pixels.
        PhotoUnreadable: the object is not a photo in one of the formats that are read.
        PhotoForbidden: the object may not or cannot be read.
        StorageUnavailable: S3 is overloaded or cannot be reached.

    """
    return base64.b64encode(to_small_png(read(s3, photo))).decode("ascii")


def to_small_png(content: bytes) -> bytes:
    """The photo as an upright RGB PNG without metadata. A photo of more than 224 pixels a side is made smaller.

    Raises:
        PhotoTooLarge: the photo has too many bytes or pixels.
        PhotoUnreadable: the bytes are not a photo in one of the formats that are read.

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
    """The object's bytes. A size above the limit is refused before any byte is read.

    Raises:
        PhotoNotFound: the bucket does not exist, or has no such object.
        PhotoTooLarge: the object has too many bytes.
        PhotoForbidden: the object may not or cannot be read.
        StorageUnavailable: S3 is overloaded or cannot be reached.

    """
    where = f"s3://{photo.s3_bucket}/{photo.s3_key}"
    try:
        answer = s3.get_object(Bucket=photo.s3_bucket, Key=photo.s3_key)
        with answer["Body"] as body:
            if answer["ContentLength"] > MAXIMUM_BYTES:
                size = answer["ContentLength"]
                raise PhotoTooLarge(f"{where} has {size:,} bytes; at most {MAXIMUM_BYTES:,} are read")
            content: bytes = body.read()
    except ClientError as error:
        raise translated(error, where) from error
    except ParamValidationError as error:
        raise PhotoNotFound(f"there is no {where}, and there cannot be: its name is not one that S3 allows") from error
    except BotoCoreError as error:
        raise StorageUnavailable(f"reading {where} broke off: {error}") from error
    return content


def translated(error: ClientError, where: str) -> Exception:
    """The typed error for an error of GetObject."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in MISSING:
        return PhotoNotFound(f"there is no {where}")
    if code in FORBIDDEN or code.startswith("KMS."):
        return PhotoForbidden(f"{where} cannot be read ({code}): {message}")
    return StorageUnavailable(f"S3 answered {code} for {where}: {message}")
