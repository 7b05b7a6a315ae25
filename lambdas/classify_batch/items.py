"""Reads an item of a source: an object that S3 lists, a row of a CSV file or an inventory, or a value of JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import Photo, kind
from lambdas.shared.uris import split

# The names that a member may have: ours, plain ones, and those of S3's lists and inventories.
MEMBERS = {
    "s3_bucket": ("s3_bucket", "bucket", "Bucket"),
    "s3_key": ("s3_key", "key", "Key"),
    "s3_version_id": ("s3_version_id", "version_id", "VersionId"),
    "s3_etag": ("s3_etag", "etag", "Etag", "ETag"),
}
URI = ("s3_uri", "uri")


def photo_of(item: object, bucket: str, *, encoded: bool = False) -> Photo:
    """The photo that an item names, by bucket and key, by its S3 URI, or by a text that is a URI or a key.

    The bucket is that of the source where the item has none. Raises InvalidRequest.
    """
    found = members(item)
    if encoded and isinstance(found.get("s3_key"), str):
        found["s3_key"] = unquote_plus(found["s3_key"])
    return Photo.parse({"s3_bucket": bucket, "inference_id": "none yet", **found})


def members(item: object) -> dict[str, Any]:
    """Those of the members above that an item has; an empty field of a CSV file is none."""
    if isinstance(item, str):
        return address(item)
    if not isinstance(item, Mapping):
        raise InvalidRequest(f"an entry must be an object or a text, got {kind(item)}")
    found = {name: first(item, names) for name, names in MEMBERS.items()}
    uri = first(item, URI)
    return {**(address(uri) if uri else {}), **{name: text for name, text in found.items() if text}}


def address(text: object) -> dict[str, Any]:
    """Bucket and key of an S3 URI; of anything else, the key alone."""
    if not isinstance(text, str) or not text.startswith("s3://"):
        return {"s3_key": text}
    return dict(zip(("s3_bucket", "s3_key"), split(text), strict=True))


def first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of JSON
    """The value of the first name that has one."""
    return next((item[name] for name in names if item.get(name)), None)


def nothing_to_see(item: object, key: str) -> str:
    """Why an item is no photo to decide on; empty if it is one."""
    if key.endswith("/"):
        return "the key ends with '/', so it marks a folder"
    if isinstance(item, Mapping) and str(item.get("IsDeleteMarker")).lower() == "true":
        return "the inventory says that the object was deleted"
    if isinstance(item, Mapping) and str(item.get("IsLatest")).lower() == "false":
        return "the inventory says that this is not the latest version"
    return ""
