"""`serialize_image`, from S3 to base64."""

import base64
import io
import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber
from PIL import Image, ImageOps
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT

from lambdas.serialize_image import service
from lambdas.serialize_image.handler import handler
from lambdas.serialize_image.service import to_small_png
from lambdas.shared.clients import client
from lambdas.shared.errors import (
    InvalidRequest,
    PhotoChanged,
    PhotoForbidden,
    PhotoInOtherRegion,
    PhotoKeyUnusable,
    PhotoNotFound,
    PhotoTooLarge,
    PhotoUnreadable,
    StorageUnavailable,
)
from photos.limits import FORMATS

Encode = Callable[..., bytes]
Put = Callable[[bytes], dict[str, str]]
STATE_LIMIT = 262_144


def decoded(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return image


def noise(width: int, height: int, mode: str = "RGB", channels: int = 3) -> Image.Image:
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(width * height * channels))


def test_a_cifar_photo_keeps_its_pixels(put: Put, encode: Encode) -> None:
    photo = noise(32, 32)
    event = put(encode(photo))

    answer = handler(event, CONTEXT)

    assert answer | {"image_data": ""} == {**event, "image_data": "", "inferences": []}
    assert decoded(base64.b64decode(answer["image_data"])).tobytes() == photo.tobytes()


def test_the_worst_photo_fits_into_the_state_of_step_functions(put: Put, encode: Encode) -> None:
    # Noise does not compress; the key is the longest, of characters that JSON escapes.
    photo = noise(1000, 1000).resize((224, 224), Image.Resampling.NEAREST)
    answer = handler(put(encode(photo)), CONTEXT) | {"s3_key": "é" * 512, "inference_id": "x" * 64}
    assert decoded(base64.b64decode(answer["image_data"])).size == (224, 224)
    assert 190_000 < len(json.dumps(answer).encode()) < STATE_LIMIT


@pytest.mark.parametrize(
    ("size", "side"), [((4000, 3000), 224), ((3000, 4000), 224), ((5000, 2), 2), ((1, 1), 1), ((223, 225), 223)]
)
def test_the_square_in_the_middle_is_sent(size: tuple[int, int], side: int, encode: Encode) -> None:
    assert decoded(to_small_png(encode(Image.new("RGB", size, "red"), "JPEG"))).size == (side, side)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int, encode: Encode) -> None:
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    # The camera's picture is the one which the transposition of Pillow turns upright.
    inverse = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if inverse is None else upright.transpose(Image.Transpose(inverse))
    photo = encode(stored, "PNG", exif=exif)

    assert decoded(to_small_png(photo)).tobytes() == upright.crop((10, 0, 50, 40)).tobytes()
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(photo))).tobytes() == upright.tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_transparency_lies_on_white(mode: str, encode: Encode) -> None:
    photo = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    photo.paste((0, 0, 0, 255), (0, 0, 5, 10))
    if mode == "P":
        palette = photo.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE)
        file = encode(palette, "PNG", transparency=palette.getpixel((9, 9)))
    else:
        file = encode(photo.convert(mode) if mode != "PA" else photo.convert("LA"), "PNG")
    small = decoded(to_small_png(file))
    assert small.mode == "RGB"
    assert small.getpixel((9, 9)) == (255, 255, 255)
    assert small.getpixel((0, 0)) == (0, 0, 0)


def test_sixteen_bit_is_scaled_and_not_clipped(encode: Encode) -> None:
    photo = Image.new("I;16", (4, 4), 0x8000)
    assert decoded(to_small_png(encode(photo))).getpixel((0, 0)) == (128, 128, 128)
    assert decoded(to_small_png(encode(photo, "TIFF"))).getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("mode", "colour", "file_format", "expected"),
    [
        ("CMYK", (0, 255, 255, 0), "JPEG", (254, 0, 0)),
        ("CMYK", (0, 255, 255, 0), "TIFF", (255, 0, 0)),
        ("L", 128, "JPEG", (128, 128, 128)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("RGB", (0, 0, 255), "BMP", (0, 0, 255)),
        ("RGB", (0, 0, 255), "TIFF", (0, 0, 255)),
    ],
)
def test_every_mode_becomes_rgb(
    mode: str, colour: Any, file_format: str, expected: tuple[int, ...], encode: Encode
) -> None:
    pixel = decoded(to_small_png(encode(Image.new(mode, (8, 8), colour), file_format))).getpixel((0, 0))
    assert pixel == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(file_format: str, encode: Encode) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if file_format == "WEBP" else {}
    photo = encode(frames[0], file_format, save_all=True, append_images=frames[1:], **options)
    assert Image.open(io.BytesIO(photo)).n_frames == 2
    assert decoded(to_small_png(photo)).getpixel((4, 4)) == (255, 0, 0)


def test_profiles_and_texts_stay_behind(encode: Encode) -> None:
    profile = os.urandom(600_000)
    png = to_small_png(encode(noise(32, 32), "JPEG", icc_profile=profile, exif=b"Exif\x00\x00" + bytes(20)))
    assert len(png) < 4_000
    assert decoded(png).info == {}


@pytest.mark.parametrize("content", [b"", b"no photo", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"GIF89a", b"<svg/>"])
def test_no_photo(content: bytes, put: Put) -> None:
    with pytest.raises(PhotoUnreadable, match="not a readable photo"):
        handler(put(content), CONTEXT)


def test_formats_that_run_programs_are_not_read(encode: Encode) -> None:
    assert "EPS" not in FORMATS
    with pytest.raises(PhotoUnreadable):
        to_small_png(encode(Image.new("RGB", (8, 8)), "EPS"))


def test_floating_point_pixels_are_refused(encode: Encode) -> None:
    with pytest.raises(PhotoUnreadable, match="floating-point"):
        to_small_png(encode(Image.new("F", (8, 8), 0.5), "TIFF"))


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("file_format", FORMATS)
def test_damaged_photos_never_end_in_another_error(file_format: str, encode: Encode) -> None:
    intact, dice = encode(noise(40, 40), file_format), random.Random(file_format)
    unreadable = 0
    for _ in range(150):
        damaged = bytearray(intact[: dice.randrange(1, len(intact))] if dice.random() < 0.3 else intact)
        for _ in range(dice.randrange(1, 12)):
            damaged[dice.randrange(min(len(damaged), 400))] = dice.randrange(256)
        try:
            to_small_png(bytes(damaged))
        except (PhotoUnreadable, PhotoTooLarge):
            unreadable += 1
    assert unreadable > 0


def test_a_decompression_bomb_is_refused_by_its_header(encode: Encode) -> None:
    bomb = encode(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(PhotoTooLarge, match="exceeds limit"):
        to_small_png(bomb)


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


def test_an_invalid_event_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_bucket' is missing"):
        handler({}, CONTEXT)


def test_large_photos_of_phones_are_read_and_other_large_pictures_are_not(encode: Encode) -> None:
    photo = Image.new("L", (8_160, 6_120), 128)
    assert decoded(to_small_png(encode(photo, "JPEG"))).size == (224, 224)
    with pytest.raises(PhotoTooLarge, match="of PNG at most 30,000,000"):
        to_small_png(encode(photo, "PNG"))


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


@pytest.mark.parametrize("given", [None, [], "photos/a.png", {}, {"s3_bucket": "b"}])
def test_an_input_without_a_photo_is_refused_by_name(given: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"'s3_(bucket|key)' is missing"):
        handler({"input": given, "inference_id": "a"}, CONTEXT)


def test_a_version_that_no_address_can_hold_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_version_id' must be printable ASCII"):
        handler({"s3_bucket": "b", "s3_key": "k", "inference_id": "a", "s3_version_id": "a\nb"}, CONTEXT)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_key' must be Unicode"):
        handler({"s3_bucket": "bucket", "s3_key": "photos/\ud83d", "inference_id": "a"}, CONTEXT)
