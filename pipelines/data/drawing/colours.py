"""Random colours for vehicles and their surroundings."""

import colorsys

import numpy as np

from pipelines.data.drawing.pen import Colour


def paint(rng: np.random.Generator) -> Colour:
    """The colour of a painted part: mostly vivid, sometimes black, white or silver."""
    if rng.random() < 0.35:
        return grey(rng, 10, 240)
    return _from_hsv(rng.random(), rng.uniform(0.45, 1), rng.uniform(0.3, 1))


def grey(rng: np.random.Generator, low: int, high: int) -> Colour:
    """A grey with a brightness from `low` to `high` (0 to 255), slightly tinted."""
    return shade((int(rng.integers(low, high)),) * 3, rng, 8)


def dull(rng: np.random.Generator) -> Colour:
    """A muted colour, for walls, ground and foliage."""
    return _from_hsv(rng.random(), rng.uniform(0, 0.45), rng.uniform(0.15, 1))


def shade(colour: Colour, rng: np.random.Generator, reach: int) -> Colour:
    """A similar colour: each channel differs by at most `reach`."""
    red, green, blue = (min(max(channel + int(rng.integers(-reach, reach + 1)), 0), 255) for channel in colour)
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """The colour with its brightness multiplied by `share`."""
    red, green, blue = (int(channel * share) for channel in colour)
    return red, green, blue


def _from_hsv(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)
