"""Photos of every kind become the same 32×32 pixels."""

import numpy as np
import pytest
from PIL import Image
from unit.photos.pictures import Images, colour, decode, encode, solid


def test_cifar_pixels_stay_as_they_are(images: Images) -> None:
    for image in images:
        assert np.array_equal(decode(encode(Image.fromarray(image), "PNG")), image)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_lossless_formats(kind: str) -> None:
    assert colour(encode(solid("RGB", (255, 0, 102)), kind)) == [255, 0, 102]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats(kind: str) -> None:
    assert np.allclose(colour(encode(solid("RGB", (200, 30, 40)), kind)), (200, 30, 40), atol=6)


def test_transparency_is_white() -> None:
    assert colour(encode(solid("RGBA", (255, 0, 0, 0)), "PNG")) == [255, 255, 255]
    assert colour(encode(solid("LA", (0, 0)), "PNG")) == [255, 255, 255]
    assert colour(encode(solid("RGBA", (0, 0, 0, 128)), "PNG")) == [127, 127, 127]
    assert colour(encode(solid("P", 0), "GIF", transparency=0)) == [255, 255, 255]


def test_grey_black_and_white_and_palettes() -> None:
    assert colour(encode(solid("L", 77), "PNG")) == [77, 77, 77]
    assert colour(encode(solid("1", 1), "PNG")) == [255, 255, 255]
    assert colour(encode(solid("RGB", (10, 20, 30)).convert("P", palette=Image.Palette.ADAPTIVE), "PNG")) == [
        10,
        20,
        30,
    ]


def test_cmyk() -> None:
    assert np.allclose(colour(encode(solid("CMYK", (0, 255, 255, 0)), "JPEG")), (255, 0, 0), atol=4)


def test_16_bits() -> None:
    pixels = np.full((40, 40), 0x8080, dtype=np.uint16)
    assert colour(encode(Image.fromarray(pixels), "PNG")) == [128, 128, 128]
    assert colour(encode(Image.fromarray(pixels), "TIFF")) == [128, 128, 128]
    assert colour(encode(Image.fromarray(np.full((40, 40), 0x8000, dtype=np.uint16)), "PNG")) == [128, 128, 128]
    assert colour(encode(Image.fromarray(pixels.astype(">u2")), "TIFF")) == [128, 128, 128]


def test_large_black_and_white_pictures() -> None:
    assert colour(encode(solid("1", 1, (600, 500)), "PNG")) == [255, 255, 255]


def test_first_frame_of_an_animation() -> None:
    frames = [solid("RGB", (0, 0, 255)), solid("RGB", (255, 0, 0))]
    assert colour(encode(frames[0], "GIF", save_all=True, append_images=frames[1:])) == [0, 0, 255]


def test_32_bit_greyscale_is_clipped_to_16() -> None:
    levels = np.array([[-5, 0x8080], [0xFFFF, 0x7FFFFFFF]], dtype=np.int32).repeat(16, axis=0).repeat(16, axis=1)
    pixels = decode(encode(Image.fromarray(levels), "TIFF"))[:, :, 0]
    assert [pixels[4, 4], pixels[4, 28], pixels[28, 4], pixels[28, 28]] == [0, 128, 255, 255]
