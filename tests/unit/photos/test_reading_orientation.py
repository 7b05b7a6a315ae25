"""Photos are turned upright as their EXIF says, where it can be read."""

import struct

import numpy as np
import pytest
from PIL import Image
from unit.photos.pictures import colour, decode, encode, solid

from photos.reading import fit


def test_exif_rotation() -> None:
    picture = solid("RGB", (0, 0, 0))
    picture.paste((255, 255, 255), (0, 0, 64, 24))  # the upper half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is stored as the top belongs to the right
    pixels = decode(encode(picture, "PNG", exif=exif))
    assert pixels[:, 20:].min() > 240
    assert pixels[:, :12].max() < 15


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_photo_is_turned_and_keeps_its_size(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("JPEG", "PNG", "TIFF"):
        photo = fit(encode(solid("RGB", (9, 9, 9), (3001, 1000)), kind, exif=exif), 96)
        sideways = orientation >= 5
        assert (photo.width, photo.height) == ((1000, 3001) if sideways else (3001, 1000))
        assert photo.image.size == ((32, 96) if sideways else (96, 32))


@pytest.mark.parametrize("value", [9, 0])
def test_an_orientation_that_means_nothing_is_passed_over(value: object) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert fit(encode(solid("RGB", (1, 2, 3)), "PNG", exif=exif), 96).image.size == (64, 48)


def test_an_orientation_that_is_no_whole_number_is_passed_over() -> None:
    """The tag 0x0112 has the type RATIONAL, and its value is 6 / 1."""
    tag = struct.pack("<HHII", 0x0112, 5, 1, 26)
    exif = b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 1) + tag + struct.pack("<III", 0, 6, 1)
    assert fit(encode(solid("RGB", (1, 2, 3)), "JPEG", exif=exif), 96).image.size == (64, 48)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_with_broken_exif_is_not_turned(kind: str) -> None:
    picture = solid("RGB", (0, 0, 0))
    picture.paste((255, 255, 255), (0, 0, 32, 48))  # the left half is white
    pixels = decode(encode(picture, kind, exif=b"Exif\x00\x00not TIFF"))
    assert pixels[:, :12].min() > 240
    assert pixels[:, 20:].max() < 15


def test_exif_that_is_no_exif_is_passed_over() -> None:
    content = encode(solid("RGB", (200, 30, 40)), "JPEG", exif=b"Exif\x00\x00not TIFF")
    assert np.allclose(colour(content), (200, 30, 40), atol=4)
