"""What `serialize_image` makes of photos: small, upright RGB pixels of their square in the middle."""

import base64
import io
import json
import os
from typing import Any

import pytest
from PIL import Image, ImageOps
from unit.lambdas.context import CONTEXT
from unit.lambdas.serialize_image.pictures import Encode, Put, decoded, noise

from lambdas.serialize_image.handler import handler
from lambdas.serialize_image.service import to_small_png

STATE_LIMIT = 262_144


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
