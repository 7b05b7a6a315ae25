"""Turns a photo in S3 into a small PNG in base64, which the workflow passes from function to function."""

import base64
import io

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from lambdas.shared.errors import (
    PhotoChanged,
    PhotoForbidden,
    PhotoInOtherRegion,
    PhotoKeyUnusable,
    PhotoNotFound,
    PhotoTooLarge,
    PhotoUnreadable,
    StorageUnavailable,
)
from lambdas.shared.events import Photo
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import FORMATS, MAXIMUM_BYTES
from photos.reading import small_square

MAXIMUM_SIDE = 224  # pixels
# S3's codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html); those of KMS begin with `KMS.`.
GONE = {"NoSuchKey", "404"}
MISSING = {*GONE, "NoSuchBucket", "InvalidBucketName", "KeyTooLongError"}
CHANGED = {"PreconditionFailed", "412", "NoSuchVersion"}
FORBIDDEN = {"AccessDenied", "403", "AllAccessDisabled", "AccountProblem", "InvalidObjectState", "NotSignedUp"}
ELSEWHERE = {"PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
KMS = "KMS."
KMS_MAY_PASS = {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException"}


def serialize(s3: BaseClient, photo: Photo) -> str:
    """The square in the middle of the photo as a PNG of at most 224 pixels a side, in base64.

    The result always fits into the state of Step Functions, which may have 262,144 bytes:

    - The pixels are at most 224 rows of 224 RGB pixels and one filter byte: 150,752 bytes.
    - Where they cannot be compressed, deflate adds 5 bytes to each block of 16 KB or more. PNG adds headers and chunk
      frames, which are less than 3 KB because there is no metadata. So the PNG has less than 154,000 bytes, and its
      base64 less than 206,000.
    - Bucket, key, version and identifier have less than 10,000 bytes, escaped as JSON.

    Raises:
        PhotoTooLarge: the object has too many bytes, or the photo too many pixels.
        PhotoUnreadable: the object is not a photo in one of the formats that are read.

    and all errors of `read`.

    """
    return base64.b64encode(to_small_png(read(s3, photo))).decode("ascii")


def to_small_png(content: bytes) -> bytes:
    """The largest square in the middle of the photo, which is all that the model sees, as a PNG without metadata.

    It is upright and RGB, and made smaller if it has more than 224 pixels a side.

    Raises:
        PhotoTooLarge: the photo has too many bytes or pixels.
        PhotoUnreadable: the bytes are not a photo in one of the formats that are read.

    """
    try:
        small = small_square(content, MAXIMUM_SIDE).image
    except PhotoTooLargeError as error:
        raise PhotoTooLarge(str(error)) from error
    except UnreadablePhotoError as error:
        raise PhotoUnreadable(f"not a readable photo ({', '.join(FORMATS)}): {error}") from error
    png = io.BytesIO()
    small.save(png, "PNG", optimize=True)
    return png.getvalue()


def read(s3: BaseClient, photo: Photo) -> bytes:
    """The bytes of the very object that was uploaded. A size above the limit is refused before any byte is read.

    Raises:
        PhotoNotFound: the bucket does not exist, or has no such object.
        PhotoChanged: the object has been replaced or deleted.
        PhotoTooLarge: the object has too many bytes.
        PhotoForbidden: the object may not be read, or is archived.
        PhotoKeyUnusable: the object is encrypted with a key that cannot be used.
        PhotoInOtherRegion: the bucket is in another region.
        StorageUnavailable: S3 is overloaded or cannot be reached.

    """
    where = f"s3://{photo.s3_bucket}/{photo.s3_key}"
    try:
        answer = s3.get_object(Bucket=photo.s3_bucket, Key=photo.s3_key, **which(photo))
        with answer["Body"] as body:
            if answer["ContentLength"] > MAXIMUM_BYTES:
                size = answer["ContentLength"]
                raise PhotoTooLarge(f"{where} has {size:,} bytes; at most {MAXIMUM_BYTES:,} are read")
            content: bytes = body.read()
    except ClientError as error:
        raise translated(error, where, chosen=bool(which(photo))) from error
    except ParamValidationError as error:
        raise PhotoNotFound(f"there is no {where}, and there cannot be: its name is not one that S3 allows") from error
    except BotoCoreError as error:
        raise StorageUnavailable(f"reading {where} broke off: {error}") from error
    return content


def which(photo: Photo) -> dict[str, str]:
    """The members of GetObject that ask for what was uploaded; none where the event does not say."""
    if photo.s3_version_id is not None:
        return {"VersionId": photo.s3_version_id}
    return {} if photo.s3_etag is None else {"IfMatch": photo.s3_etag}


def translated(error: ClientError, where: str, *, chosen: bool) -> Exception:
    """The typed error for an error of GetObject; `chosen`: that of one version or ETag."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    said = f"{where} cannot be read ({code}): {message}"
    if code in CHANGED or (chosen and code in GONE):
        return PhotoChanged(f"{where} is no longer what was uploaded ({code}): {message}")
    if code in MISSING:
        return PhotoNotFound(f"there is no {where}")
    if code in FORBIDDEN:
        return PhotoForbidden(said)
    if code.startswith(KMS) and code.removeprefix(KMS) not in KMS_MAY_PASS:
        return PhotoKeyUnusable(said)
    if code in ELSEWHERE:
        return PhotoInOtherRegion(said)
    return StorageUnavailable(f"S3 answered {code} for {where}: {message}")
