"""How photos travel in requests: their content types, base64, and JSON with several photos."""

import base64
import binascii
import contextlib
import json
import re

from photos.errors import InvalidBodyError, TooManyPhotosError
from photos.limits import MAXIMUM_BYTES, MAXIMUM_PHOTOS

JSON_TYPES = ("application/json", "text/json")
PHOTO_TYPE = "application/x-image"  # a photo in any format that is read, as is every type that begins with `image/`
EXPECTED = 'Send {"instances": ["<base64 of an image>", …]} with at least one image.'

# JSON of so many commas cannot hold more values than a request may: each photo has one, and a data URI one more.
_MOST_COMMAS = 4 * MAXIMUM_PHOTOS
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_DATA_URI = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")


def media_type(content_type: str | None) -> str:
    """A content type in lower case, without parameters such as `charset`; empty when there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_photo(media: str) -> bool:
    """Whether a body of this media type is one photo. What it really is, its bytes say."""
    return media.startswith("image/") or media == PHOTO_TYPE


def is_json(media: str) -> bool:
    """Whether a body of this media type is JSON with photos."""
    return media in JSON_TYPES


def decode_base64(text: str) -> bytes:
    """The bytes of base64 as clients send it.

    Line breaks and blanks are passed over, and padding may be missing. The alphabet for URLs is read if no character
    of the other one occurs. A data URI gives its bytes. Raises InvalidBodyError.
    """
    with contextlib.suppress(ValueError):  # most texts are in order, and all that follows takes ten times as long
        return binascii.a2b_base64(text, strict_mode=True)
    uri = _DATA_URI.match(text)
    compact = _BLANKS.sub("", text[uri.end() :] if uri else text)
    if "+" not in compact and "/" not in compact:
        compact = compact.translate(_URL_SAFE)
    if "=" not in compact:
        compact += "=" * (-len(compact) % 4)
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidBodyError(f"the text is not base64: {error}") from error


def photos_of(body: bytes | bytearray | str) -> list[bytes]:
    """The photos of a body `{"instances": ["<base64>", …]}`.

    Raises:
        InvalidBodyError: the body is not such JSON; the message says what is wrong, and quotes nothing of it.
        TooManyPhotosError: the body is too large, or holds too many photos.
    """
    instances = _instances(_parsed(body))
    if len(instances) > MAXIMUM_PHOTOS:
        raise TooManyPhotosError(
            f"The request has {len(instances):,} photos; at most {MAXIMUM_PHOTOS:,} are read at once. Send fewer."
        )
    return [_photo(instance, index) for index, instance in enumerate(instances)]


def _parsed(body: bytes | bytearray | str) -> object:
    """JSON of bounded size. Line breaks are allowed in texts, since base64 of a shell has them."""
    if len(body) > MAXIMUM_BYTES:
        raise TooManyPhotosError(f"The request has {len(body):,} bytes; at most {MAXIMUM_BYTES:,} are read. Send less.")
    commas = body.count(",") if isinstance(body, str) else body.count(b",")
    if commas > _MOST_COMMAS:
        raise TooManyPhotosError(f"The request has too many values; at most {MAXIMUM_PHOTOS:,} photos are read.")
    try:
        return json.loads(body, strict=False)
    except RecursionError as error:
        raise InvalidBodyError("it is nested too deeply") from error
    except ValueError as error:  # of JSON, or of its encoding
        raise InvalidBodyError(f"it is not JSON in UTF-8: {error}") from error


def _instances(found: object) -> list[object]:
    instances = found.get("instances") if isinstance(found, dict) else None
    if not isinstance(instances, list) or not instances:
        raise InvalidBodyError("it holds no list of images under 'instances'")
    return instances


def _photo(instance: object, index: int) -> bytes:
    if not isinstance(instance, str):
        raise InvalidBodyError(f"image {index} is a {type(instance).__name__}, not a text in base64")
    try:
        return decode_base64(instance)
    except InvalidBodyError as error:
        raise InvalidBodyError(f"image {index}: {error}") from error
