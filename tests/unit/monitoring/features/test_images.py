import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from monitoring.errors import UnreadableImageError
from monitoring.features import images
from monitoring.features.pixels import ImageFeatures
from photos.limits import MAXIMUM_PIXELS
from photos.reading import square


def encoded(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def facts(content: bytes) -> ImageFeatures:
    return images.facts([images.see(content)])


def test_brightness_and_contrast_are_mean_and_deviation() -> None:
    half = np.zeros((32, 64, 3), np.uint8)
    half[:16] = 255
    seen = images.see(encoded(half))
    assert (seen.width, seen.height) == (64, 32)
    found = images.facts([seen])
    assert found.brightness == pytest.approx(0.5)
    assert found.contrast == pytest.approx(0.5)
    assert found.sharpness == pytest.approx(1 / 62)  # of 31 pairs of rows one differs, of 31 of columns none


def test_saturation_is_that_of_colours() -> None:
    assert facts(encoded(np.full((9, 9, 3), (255, 0, 0), np.uint8))).saturation == 1
    assert facts(encoded(np.full((9, 9, 3), 200, np.uint8))).saturation == 0


def test_a_large_photo_has_the_facts_of_what_the_model_sees() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (320, 320, 3), np.uint8)
    seen = np.asarray(square(encoded(noise), 32).image)
    assert facts(encoded(noise)).contrast == facts(encoded(seen)).contrast < 0.05


@pytest.mark.parametrize(("height", "width"), [(128, 128), (33, 33), (9, 9), (48, 64), (127, 33), (200, 300)])
def test_the_pixels_are_those_that_the_model_sees(height: int, width: int) -> None:
    content = encoded(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))
    assert images.see(content).pixels == square(content, 32).image.tobytes()


def test_transparent_and_grey_images_can_be_read() -> None:
    assert facts(encoded(np.full((3, 3, 4), 255, np.uint8))).brightness == 1
    assert facts(encoded(np.zeros((3, 3), np.uint8))).brightness == 0


def test_a_truncated_image_is_unreadable(draw: Callable[[int], bytes]) -> None:
    with pytest.raises(UnreadableImageError, match="no readable image in 120 bytes"):
        facts(draw(1)[:120])


def test_an_image_too_large_is_refused(draw: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAXIMUM_PIXELS, "PNG", 100)
    with pytest.raises(UnreadableImageError, match="32 × 32 pixels"):
        facts(draw(1))


def test_thumbnails_are_small_pngs_of_the_same_shape() -> None:
    uri = images.thumbnail(encoded(np.zeros((100, 400, 3), np.uint8), "JPEG"), side=96)
    kind, _, content = uri.partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (96, 24)
