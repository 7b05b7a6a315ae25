"""Photos of every kind become the same 32×32 pixels, and bad ones typed errors."""

import io
import struct
import zlib
from contextlib import suppress
from math import ceil, floor

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import MAXIMUM_BYTES
from photos.reading import fit, small_square, square

Images = NDArray[np.uint8]


@pytest.fixture
def images() -> Images:
    """Six pictures of 32×32 random pixels."""
    return np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)


def decode(content: bytes) -> Images:
    """The pixels that the endpoint sees."""
    return np.asarray(square(content, 32).image)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of this kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def solid(mode: str, colour: object, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture of one colour."""
    return Image.new(mode, size, colour)  # type: ignore[arg-type]


def colour(content: bytes) -> list[int]:
    """The colour of a photo of one colour."""
    pixels = decode(content)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8
    return [round(float(value)) for value in pixels.reshape(-1, 3).mean(axis=0)]


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


def test_floating_point_is_refused() -> None:
    with pytest.raises(UnreadablePhotoError, match="floating-point"):
        decode(encode(solid("F", 0.5), "TIFF"))


def test_first_frame_of_an_animation() -> None:
    frames = [solid("RGB", (0, 0, 255)), solid("RGB", (255, 0, 0))]
    assert colour(encode(frames[0], "GIF", save_all=True, append_images=frames[1:])) == [0, 0, 255]


def test_exif_rotation() -> None:
    picture = solid("RGB", (0, 0, 0))
    picture.paste((255, 255, 255), (0, 0, 64, 24))  # the upper half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is stored as the top belongs to the right
    pixels = decode(encode(picture, "PNG", exif=exif))
    assert pixels[:, 20:].min() > 240
    assert pixels[:, :12].max() < 15


@pytest.mark.parametrize("size", [(300, 100), (100, 300), (1200, 900), (900, 1201), (65, 48)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_largest_square_in_the_middle_is_read(size: tuple[int, int], kind: str) -> None:
    """It is white but for black on its first quarter of columns and last quarter of rows; around it is red."""
    side = min(size)
    left, top = ((length - side) / 2 for length in size)
    picture = solid("RGB", (255, 0, 0), size)
    picture.paste((0, 0, 0), (floor(left), floor(top), ceil(left) + side, ceil(top) + side))
    picture.paste((255, 255, 255), (round(left + side / 4), floor(top), ceil(left) + side, round(top + side * 3 / 4)))
    photo = square(encode(picture, kind, **({"subsampling": 0} if kind == "JPEG" else {})), 32)
    assert (photo.width, photo.height, photo.image.size) == (*size, (32, 32))
    pixels = np.asarray(photo.image).astype(int)
    assert np.abs(pixels[..., 0] - pixels[..., 1]).max() < 40
    assert pixels[:23, 9:].min() > 200
    assert max(pixels[:, :7].max(), pixels[25:].max()) < 55


@pytest.mark.parametrize(("size", "side"), [((300, 100), 96), ((96, 97), 96), ((90, 200), 90), ((7, 9), 7)])
def test_a_small_square_is_never_enlarged(size: tuple[int, int], side: int) -> None:
    rng = np.random.default_rng(5)
    content = encode(Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), np.uint8)), "PNG")
    photo = small_square(content, 96)
    assert (photo.image.size, photo.width, photo.height) == ((side, side), *size)
    assert np.abs(decode(encode(photo.image, "PNG")).astype(int) - decode(content)).mean() < 8


def test_a_thin_photo_has_a_square() -> None:
    picture = solid("RGB", (255, 0, 0), (3001, 1))
    picture.putpixel((1500, 0), (0, 0, 255))
    assert colour(encode(picture, "PNG")) == [0, 0, 255]


@pytest.mark.parametrize("content", [b"", b"not an image", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])
def test_no_image(content: bytes) -> None:
    with pytest.raises(UnreadablePhotoError, match=r"^cannot identify image file$"):
        decode(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_truncated(kind: str, images: Images) -> None:
    whole = encode(Image.fromarray(np.tile(images[0], (4, 4, 1))), kind)
    with pytest.raises(UnreadablePhotoError):
        decode(whole[: len(whole) // 2])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "AVIF"])
@pytest.mark.filterwarnings("ignore:::PIL")  # Pillow warns of what it skips
def test_damaged_files_are_read_or_refused(kind: str, images: Images) -> None:
    whole = encode(Image.fromarray(images[0]), kind)
    generator = np.random.default_rng(1)
    for _ in range(60):
        damaged = bytearray(whole)
        for position in generator.integers(0, min(len(damaged), 300), 3):
            damaged[position] = generator.integers(0, 256)
        with suppress(UnreadablePhotoError, PhotoTooLargeError):
            assert decode(bytes(damaged)).shape == (32, 32, 3)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize("size", [(8000, 8000), (40000, 40000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_decompression_bombs(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoTooLargeError, match=r"30,000,000|exceeds limit"):
        decode(png_bomb(*size))


def test_too_many_bytes() -> None:
    with pytest.raises(PhotoTooLargeError, match="25,000,001 bytes"):
        decode(b"\0" * (MAXIMUM_BYTES + 1))


def test_a_file_of_just_the_allowed_bytes_is_looked_at() -> None:
    with pytest.raises(UnreadablePhotoError, match="cannot identify image file"):
        decode(b"\0" * MAXIMUM_BYTES)


def test_a_photo_of_just_the_allowed_pixels_is_decoded() -> None:
    with pytest.raises(UnreadablePhotoError, match="truncated"):
        decode(png_bomb(6000, 5000))
    with pytest.raises(PhotoTooLargeError, match="6000 × 5001 pixels; of PNG at most 30,000,000"):
        decode(png_bomb(6000, 5001))


def test_a_thin_photo_keeps_a_pixel() -> None:
    photo = fit(encode(solid("RGB", (9, 9, 9), (3000, 2)), "PNG"), 96)
    assert (photo.image.size, photo.width, photo.height) == ((96, 1), 3000, 2)
    assert fit(encode(solid("RGB", (9, 9, 9), (2, 3000)), "PNG"), 96).image.size == (1, 96)


@pytest.mark.parametrize("size", [(4001, 3001), (1999, 333), (33, 31), (128, 128)])
def test_reducing_first_hardly_changes_the_pixels(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    photo = Image.fromarray(rng.integers(0, 256, (40, 60, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    exact = np.asarray(ImageOps.fit(photo, (32, 32), Image.Resampling.BICUBIC)).astype(int)
    difference = np.abs(decode(encode(photo, "PNG", compress_level=1)) - exact)
    assert difference.mean() < 1
    assert difference.max() <= 16  # at the edges of noise; photos are smoother


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


@pytest.mark.parametrize(("size", "fitting"), [((2400, 600), (96, 24)), ((600, 2400), (24, 96))])
def test_a_photo_in_its_own_proportions_is_reduced_alike_in_both(
    size: tuple[int, int], fitting: tuple[int, int]
) -> None:
    photo = noise(size)
    exact = np.asarray(photo.resize(fitting, Image.Resampling.LANCZOS)).astype(int)
    fitted = np.asarray(fit(encode(photo, "PNG", compress_level=1), 96).image)
    assert np.abs(fitted - exact).mean() < 0.6


@pytest.mark.parametrize("size", [(301, 256), (257, 300), (1301, 1156)])
def test_a_square_that_begins_and_ends_between_two_pixels_is_exactly_in_the_middle(size: tuple[int, int]) -> None:
    """Both sides are reduced by another number first; the largest one is so tile by tile."""
    photo, side = noise(size), min(size)
    left, top = ((length - side) / 2 for length in size)
    middle = photo.crop((floor(left), floor(top), ceil(left) + side, ceil(top) + side))
    left, top = left - floor(left), top - floor(top)
    exact = middle.resize((32, 32), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    assert np.abs(decode(encode(photo, "PNG", compress_level=1)) - np.asarray(exact).astype(int)).max() <= 3


def noise(size: tuple[int, int]) -> Image.Image:
    """A picture of smooth noise."""
    pixels = np.random.default_rng(4).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def last_column(content: bytes) -> float:
    """Mean level of the last column of pixels."""
    return float(decode(content)[:, -1].mean())


def test_what_is_left_over_by_reducing_counts_as_much_as_it_is() -> None:
    """The white column is 1 of 383; taken for 1 of the 192 in the reduced picture, it would count 31."""
    picture = solid("RGB", (0, 0, 0), (383, 383))
    picture.paste((255, 255, 255), (382, 0, 383, 383))
    assert 20 < last_column(encode(picture, "PNG")) < 28


def test_a_large_jpeg_is_decoded_at_a_fraction_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3201 columns the last one is white; at an eighth of the size it is 1 of 401, and would count 50."""
    picture = solid("RGB", (0, 0, 0), (3201, 1600))
    picture.paste((255, 255, 255), (3200, 0, 3201, 1600))
    content = encode(picture, "JPEG", quality=95)
    decoded: list[tuple[int, int]] = []
    load = JpegImageFile.load

    def record(image: JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", record)
    photo = fit(content, 96).image
    assert decoded[0] == (401, 200)
    assert np.asarray(photo)[:, -1].mean() < 40


def test_a_cmyk_jpeg_may_have_fewer_pixels() -> None:
    content = bytearray(encode(solid("CMYK", (0, 0, 0, 0)), "JPEG"))
    header = content.index(b"\xff\xc0") + 5
    content[header : header + 4] = struct.pack(">HH", 6000, 8000)
    with pytest.raises(PhotoTooLargeError, match="8000 × 6000 pixels; of JPEG at most 40,000,000"):
        decode(bytes(content))


def test_small_photos_are_resized_by_the_better_filter_alone() -> None:
    photo = Image.fromarray(np.random.default_rng(3).integers(0, 256, (100, 200, 3), dtype=np.uint8))
    fitted = np.asarray(fit(encode(photo, "PNG"), 96).image)
    assert np.array_equal(fitted, np.asarray(photo.resize((96, 48), Image.Resampling.LANCZOS)))
    middle = photo.crop((50, 0, 150, 100)).resize((96, 96), Image.Resampling.LANCZOS)
    assert np.array_equal(np.asarray(small_square(encode(photo, "PNG"), 96).image), np.asarray(middle))


def test_an_error_without_a_message_is_told_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EOFError

    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(UnreadablePhotoError, match=r"^EOFError$"):
        decode(b"")


def test_exif_that_is_no_exif_is_passed_over() -> None:
    content = encode(solid("RGB", (200, 30, 40)), "JPEG", exif=b"Exif\x00\x00not TIFF")
    assert np.allclose(colour(content), (200, 30, 40), atol=4)


def test_32_bit_greyscale_is_clipped_to_16() -> None:
    levels = np.array([[-5, 0x8080], [0xFFFF, 0x7FFFFFFF]], dtype=np.int32).repeat(16, axis=0).repeat(16, axis=1)
    pixels = decode(encode(Image.fromarray(levels), "TIFF"))[:, :, 0]
    assert [pixels[4, 4], pixels[4, 28], pixels[28, 4], pixels[28, 28]] == [0, 128, 255, 255]
