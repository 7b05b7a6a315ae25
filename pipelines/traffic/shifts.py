"""What can go wrong at the dock, in three strengths: changes of photos, and of which photos come.

Each is named after the cause that monitoring should find, except `upside_down`, which it calls `turned`, too. Nothing
here is taken from `monitoring/appearance/changes.py`, whose changes the baseline learns. Otherwise traffic would only
show that what was learnt is found again. Strengths are for photos of 32 × 32 pixels, which is what the model sees.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

STRENGTHS = ("weak", "middle", "strong")
Change = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class PhotoShift:
    """A change of this share of the photos."""

    change: Change
    share: float = 1


def brightness(image: Image.Image, factor: float) -> Image.Image:
    """All levels times a factor."""
    return ImageEnhance.Brightness(image).enhance(factor)


def hazy(image: Image.Image, share: float) -> Image.Image:
    """Grey haze that hides a share of each colour."""
    return Image.blend(image, Image.new("RGB", image.size, (205, 208, 212)), share)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Out of focus by so many pixels."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def grainy(image: Image.Image, spread: float) -> Image.Image:
    """Normal noise with a standard deviation of `spread` levels. The same photo gets the same noise."""
    noise = np.random.default_rng(list(image.tobytes()[:8])).normal(0, spread, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def as_jpeg(image: Image.Image, quality: float) -> Image.Image:
    """Saved as JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(quality))
    return Image.open(buffer)


def enlarged(image: Image.Image, side: float) -> Image.Image:
    """Scaled up from `side` pixels."""
    few = (int(side), int(side))
    return image.resize(few, Image.Resampling.HAMMING).resize(image.size, Image.Resampling.BICUBIC)


def turned(image: Image.Image) -> Image.Image:
    """The camera hangs on its side."""
    return image.transpose(Image.Transpose.ROTATE_270)


def upside_down(image: Image.Image) -> Image.Image:
    """The camera hangs upside down."""
    return image.transpose(Image.Transpose.ROTATE_180)


def greyscale(image: Image.Image) -> Image.Image:
    """No colour."""
    return image.convert("L")


def swapped(image: Image.Image) -> Image.Image:
    """Red and blue exchanged."""
    return Image.merge("RGB", image.split()[::-1])


def of_all_photos(change: Callable[[Image.Image, float], Image.Image], *values: float) -> tuple[PhotoShift, ...]:
    """A change of all photos in several strengths."""

    def of(value: float) -> PhotoShift:
        return PhotoShift(lambda image: change(image, value))

    return tuple(map(of, values))


def of_shares(change: Change) -> tuple[PhotoShift, ...]:
    """A change of a tenth, of four tenths, and of all photos."""
    return tuple(PhotoShift(change, share) for share in (0.1, 0.4, 1))


PHOTO_SHIFTS: Mapping[str, tuple[PhotoShift, ...]] = MappingProxyType(
    {
        "dark": of_all_photos(brightness, 0.7, 0.45, 0.2),
        "bright": of_all_photos(brightness, 1.4, 1.9, 2.8),
        "low_contrast": of_all_photos(hazy, 0.25, 0.5, 0.75),
        "blur": of_all_photos(blurred, 0.7, 1.2, 2),
        "noise": of_all_photos(grainy, 6, 15, 35),
        "compression": of_all_photos(as_jpeg, 60, 30, 10),
        "low_resolution": of_all_photos(enlarged, 20, 14, 9),
        "turned": of_shares(turned),
        "upside_down": of_shares(upside_down),
        "greyscale": of_shares(greyscale),
        "channel_order": of_shares(swapped),
    }
)
# Shares of the photos: those of the first class, those of other things, and those that are the first photo again.
MIXES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"class_mix": (0.7, 0.85, 0.98), "other_things": (0.1, 0.4, 1), "duplicates": (0.1, 0.3, 0.8)}
)
SHIFTS = (*PHOTO_SHIFTS, *MIXES)
