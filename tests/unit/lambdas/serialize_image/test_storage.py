"""How `serialize_image` reads a photo from S3: errors, keys of all kinds, and what was uploaded and nothing else."""

import base64
import io
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT
from unit.lambdas.serialize_image.pictures import Encode, Put, decoded, noise

from lambdas.serialize_image import service
from lambdas.serialize_image.handler import handler
from lambdas.shared.clients import client
from lambdas.shared.errors import (
    PhotoChanged,
    PhotoForbidden,
    PhotoInOtherRegion,
    PhotoKeyUnusable,
    PhotoNotFound,
    PhotoTooLarge,
    StorageUnavailable,
)


def test_a_large_object_is_refused_before_it_is_read(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    event = put(bytes(1001))
    monkeypatch.setattr(service, "MAXIMUM_BYTES", 1000)
    with pytest.raises(PhotoTooLarge, match=r"photos/run/bike.png has 1,001 bytes; at most 1,000"):
        handler(event, CONTEXT)


def test_missing_objects(put: Put, encode: Encode) -> None:
    event = put(encode(noise(8, 8)))
    with pytest.raises(PhotoNotFound, match=r"there is no s3://.*/other\.png"):
        handler(event | {"s3_key": "other.png"}, CONTEXT)
    with pytest.raises(PhotoNotFound, match="there is no s3://no-such-bucket-here"):
        handler(event | {"s3_bucket": "no-such-bucket-here"}, CONTEXT)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("NoSuchKey", 404, PhotoNotFound),
        ("NoSuchBucket", 404, PhotoNotFound),
        ("InvalidBucketName", 400, PhotoNotFound),
        ("AccessDenied", 403, PhotoForbidden),
        ("403", 403, PhotoForbidden),
        ("InvalidObjectState", 403, PhotoForbidden),
        ("KMS.DisabledException", 400, PhotoKeyUnusable),
        ("KMS.NotFoundException", 400, PhotoKeyUnusable),
        ("KMS.ThrottlingException", 400, StorageUnavailable),
        ("PermanentRedirect", 301, PhotoInOtherRegion),
        ("AuthorizationHeaderMalformed", 400, PhotoInOtherRegion),
        ("PreconditionFailed", 412, PhotoChanged),
        ("NoSuchVersion", 404, PhotoChanged),
        ("SlowDown", 503, StorageUnavailable),
        ("ServiceUnavailable", 503, StorageUnavailable),
        ("InternalError", 500, StorageUnavailable),
        ("RequestTimeout", 400, StorageUnavailable),
        ("ExpiredToken", 400, StorageUnavailable),
    ],
)
def test_every_error_of_s3_has_a_type(code: str, status: int, expected: type[Exception]) -> None:
    with Stubber(client("s3")) as s3:
        s3.add_client_error("get_object", code, "said so", status)
        with pytest.raises(expected, match=r"s3://bucket/photos/a\.png"):
            handler({"s3_bucket": "bucket", "s3_key": "photos/a.png", "inference_id": "a"}, CONTEXT)


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url="x"), ReadTimeoutError(endpoint_url="x")])
def test_a_connection_that_breaks_may_be_tried_again(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    class Body(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise error

    with Stubber(client("s3")) as s3:
        s3.add_response("get_object", {"Body": Body(), "ContentLength": 7})
        with pytest.raises(StorageUnavailable, match="broke off"):
            handler({"s3_bucket": "bucket", "s3_key": "photos/a.png", "inference_id": "a"}, CONTEXT)


@pytest.mark.parametrize("bucket", ["No_Bucket!", "a/b", "a b"])
def test_names_that_no_bucket_can_have(bucket: str) -> None:
    with pytest.raises(PhotoNotFound, match="there cannot be"):
        handler({"s3_bucket": bucket, "s3_key": "photos/a.png", "inference_id": "a"}, CONTEXT)


@pytest.mark.parametrize(
    "key", ["photos/a b+c%20ü.png", "photos/自転車.png", "photos/" + "x" * 1017, "photos//a?b&c=d#e"]
)
def test_keys_of_any_legal_length_and_alphabet(key: str, put: Put, encode: Encode, s3: Any) -> None:
    event = put(encode(noise(8, 8)))
    s3.copy_object(
        Bucket=event["s3_bucket"], Key=key, CopySource={"Bucket": event["s3_bucket"], "Key": event["s3_key"]}
    )
    assert handler({**event, "s3_key": key}, CONTEXT)["s3_key"] == key


def test_what_was_uploaded_is_read_whatever_came_after(put: Put, encode: Encode, s3: Any) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    photo = noise(8, 8)
    event = put(encode(photo))
    key = {"Bucket": BUCKET, "Key": event["s3_key"]}
    version = s3.head_object(**key)["VersionId"]
    s3.put_object(**key, Body=b"no photo")
    s3.delete_object(**key)
    pinned = {"inference_id": "a", "input": {**event, "s3_version_id": version, "s3_etag": "of no interest"}}

    answer = handler(pinned, CONTEXT)

    assert decoded(base64.b64decode(answer["image_data"])).tobytes() == photo.tobytes()
    assert (answer["s3_version_id"], answer["inference_id"]) == (version, "a")
    s3.delete_object(**key, VersionId=version)
    with pytest.raises(PhotoChanged, match="no longer what was uploaded"):
        handler(pinned, CONTEXT)


def test_without_versions_only_what_has_the_etag_is_read(put: Put, encode: Encode, s3: Any) -> None:
    event = put(encode(noise(8, 8)))
    key = {"Bucket": BUCKET, "Key": event["s3_key"]}
    pinned = {**event, "s3_etag": s3.head_object(**key)["ETag"].strip('"')}
    assert handler(pinned, CONTEXT)["image_data"]
    s3.put_object(**key, Body=encode(noise(9, 9)))
    with pytest.raises(PhotoChanged, match="no longer what was uploaded"):
        handler(pinned, CONTEXT)
    s3.delete_object(**key)
    with pytest.raises(PhotoChanged, match="NoSuchKey"):
        handler(pinned, CONTEXT)
    with pytest.raises(PhotoNotFound, match="there is no s3"):
        handler(event, CONTEXT)
