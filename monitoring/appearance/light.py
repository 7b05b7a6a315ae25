"""Numbers about light and colour."""

import numpy as np

from monitoring.appearance.arrays import Columns, Floats, per_image
from monitoring.features.pixels import Pixels

QUANTILES = (51, 256, 512, 768, 972)  # of the 1,024 pixels in order of their luma: 5, 25, 50, 75 and 95 %
WHITE, BLACK = 248, 8
COLOURLESS = 6  # levels; a pixel whose channels differ by no more counts as grey
TINT = 32  # levels by which two channels usually differ
QUARTERS = 4


def light(luma: Floats) -> Columns:
    """Mean, spread and quantiles of luma, and how much of the photo is white or black."""
    ordered = np.sort(luma.reshape(len(luma), -1), axis=1)
    named = {f"luma_{place}": ordered[:, place * ordered.shape[1] // 1024] / 255 for place in QUANTILES}
    return {
        "luma": per_image(luma) / 255,
        "contrast": np.log(luma.std(axis=(1, 2)) + 2),
        "white": np.sqrt(per_image(luma >= WHITE)),
        "black": np.sqrt(per_image(luma <= BLACK)),
        **named,
    }


def colour(pixels: Pixels) -> Columns:
    """How colourful a photo is, and which channels its colours lean towards, as a whole and from top to bottom."""
    red, green, blue = (pixels[..., channel].astype(np.float32) for channel in range(3))
    most = np.maximum(np.maximum(red, green), blue)  # five times as fast as `max` along so short an axis
    chroma = most - np.minimum(np.minimum(red, green), blue)
    warm = red - blue
    found = {
        "chroma": np.log(per_image(chroma) + 1),
        "grey_pixels": per_image(chroma <= COLOURLESS),
        "no_colour": (chroma.max(axis=(1, 2)) <= COLOURLESS).astype(np.float32),
        "saturation": per_image(chroma / np.maximum(most, 1)),
        "red_blue": per_image(warm) / TINT,
        "red_green": per_image(red - green) / TINT,
        "green_blue": per_image(green - blue) / TINT,
        "reddish": np.sqrt(per_image(warm > 1.25 * TINT)),
        "bluish": np.sqrt(per_image(warm < -1.25 * TINT)),
        "red_spread": np.log((red.std(axis=(1, 2)) + 2) / (blue.std(axis=(1, 2)) + 2)),
    }
    for number, rows in enumerate(np.array_split(warm, QUARTERS, axis=1)):
        found[f"warm_{number}"] = np.tanh(per_image(rows) / TINT)
    return found


def colour_map(pixels: Pixels) -> Columns:
    """Mean colours in 4 x 2 fields, each the mean of a field and its mirror image."""
    side = pixels.shape[1] // 4
    # Sums of whole numbers, first of whole rows: a fifth of the time that a mean over both axes takes.
    rows = pixels.reshape(-1, 4, side, 4 * side * 3).sum(axis=2, dtype=np.uint32).reshape(-1, 4, 4, side, 3)
    fields = rows.sum(axis=3, dtype=np.uint32).astype(np.float32) / (255 * side**2)
    halves = (fields + fields[:, :, ::-1])[:, :, :2] / 2
    flat = halves.reshape(len(pixels), -1)
    return {f"colour_{number}": flat[:, number] for number in range(flat.shape[1])}
