"""Numbers about fine detail: gradients, noise, the spectrum, and traces of JPEG and of scaling."""

from functools import cache
from itertools import pairwise

import numpy as np

from monitoring.appearance.arrays import Columns, Floats, per_image
from monitoring.features.pixels import Pixels

SIDE = 32
BLOCK = 8  # pixels a side of JPEG's blocks
RINGS = (1, 3, 5, 7, 9, 11, 13, 15, 17, 23)  # bounds of rings of the spectrum, in periods an image
FLOOR = 10.0  # added to a ring's power: about what rounding to whole levels adds
NOTHING = 0.7  # a coefficient that JPEG has set to zero is smaller than this


@cache
def _cosines() -> Floats:
    """The matrix of the discrete cosine transform of 8 values."""
    order = np.arange(BLOCK)
    matrix = np.cos(np.pi * (2 * order[None] + 1) * order[:, None] / (2 * BLOCK)) / 2
    matrix[0] /= np.sqrt(2)
    return matrix.astype(np.float32)


def gradients(luma: Floats) -> Columns:
    """Sizes of the steps between neighbouring pixels, and noise: what is left without slopes and edges."""
    down, across = np.abs(np.diff(luma, axis=1)), np.abs(np.diff(luma, axis=2))
    corners = np.abs(np.diff(np.diff(luma, n=2, axis=1), n=2, axis=2)).reshape(len(luma), -1)  # Immerkær, 1996
    ordered = np.sort(corners, axis=1)
    still = per_image(down < 0.5) + per_image(across < 0.5)
    horizontal, vertical = np.log(per_image(across) + 0.5), np.log(per_image(down) + 0.5)
    return {
        "step_across": horizontal,
        "step_down": vertical,
        "step_ratio": horizontal - vertical,
        "no_step": np.sqrt(still),
        "noise": np.log(per_image(corners) + 0.5),
        "noise_median": np.log(ordered[:, corners.shape[1] // 2] + 0.5),
        "noise_low": np.log(ordered[:, corners.shape[1] // 5] + 0.3),
    }


def colour_noise(pixels: Pixels) -> Columns:
    """Noise in the difference of red and blue."""
    warm = pixels[..., 0].astype(np.float32) - pixels[..., 2]
    return {"colour_noise": np.log(per_image(np.abs(np.diff(np.diff(warm, axis=1), axis=2))) + 0.5)}


def spectrum(luma: Floats) -> Columns:
    """Logarithm of the power in rings of the spectrum, from coarse to fine."""
    window = np.hanning(SIDE + 2)[1:-1].astype(np.float32)
    level = luma.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.rfft2((luma - level) * np.outer(window, window))).astype(np.float32) ** 2
    means = power.reshape(len(luma), -1) @ _rings()
    return {f"ring_{lower}": np.log(means[:, ring] + FLOOR) for ring, lower in enumerate(RINGS[:-1])}


@cache
def _rings() -> Floats:
    """What each place of half a spectrum counts in each ring (places, rings): the other half is its mirror image."""
    steps = np.minimum(np.arange(SIDE), SIDE - np.arange(SIDE))
    half = np.arange(SIDE // 2 + 1)
    radius, times = np.hypot(steps[:, None], half), np.where((half == 0) | (half == SIDE // 2), 1, 2)
    rings = (
        np.stack([(radius >= lower) & (radius < upper) for lower, upper in pairwise(RINGS)], axis=2) * times[:, None]
    )
    shares: Floats = (rings / rings.sum(axis=(0, 1))).reshape(-1, len(RINGS) - 1).astype(np.float32)
    return shares


def jpeg_traces(luma: Floats, pixels: Pixels) -> Columns:
    """Edges between JPEG's blocks, and coefficients that it set to zero, compared with those of shifted blocks."""
    order = np.add.outer(np.arange(BLOCK), np.arange(BLOCK))
    aligned, shifted = _coefficients(luma), _coefficients(np.roll(luma, (BLOCK // 2, BLOCK // 2), (1, 2)))
    blue = _coefficients(pixels[..., 2].astype(np.float32) - luma)
    found = {"block_edges": _block_edges(luma), "blue_cut": per_image(blue[:, :, order >= BLOCK // 2] < NOTHING)}
    for name, lower, upper in (("low", 3, 6), ("middle", 6, 9), ("high", 9, 15)):
        chosen = (order >= lower) & (order < upper)
        inside, beside = aligned[:, :, chosen], shifted[:, :, chosen]
        cut = per_image(inside < NOTHING)
        found[f"cut_{name}"] = cut
        found[f"cut_more_{name}"] = cut - per_image(beside < NOTHING)
        found[f"weaker_{name}"] = np.log((_median(inside) + 0.3) / (_median(beside) + 0.3))
    return found


def scaling_traces(luma: Floats) -> Columns:
    """How differently even and odd columns bend: if a photo was scaled up, interpolated columns hardly bend."""
    bends = np.abs(np.diff(luma, n=2, axis=2)).mean(axis=1)
    return {"even_odd": np.abs(np.log((bends[:, ::2].mean(axis=1) + 0.5) / (bends[:, 1::2].mean(axis=1) + 0.5)))}


def _coefficients(values: Floats) -> Floats:
    """Absolute DCT coefficients of each block: (images, blocks, 8, 8)."""
    count = SIDE // BLOCK
    cosines = _cosines()
    # Two products for all blocks, because numpy multiplies many matrices of 8 x 8 one by one.
    across = (values - 128).reshape(-1, BLOCK) @ cosines.T
    both = (cosines @ across.reshape(-1, BLOCK, SIDE)).reshape(-1, count, BLOCK, count, BLOCK)
    found: Floats = np.abs(both.transpose(0, 1, 3, 2, 4).reshape(-1, count**2, BLOCK, BLOCK))
    return found


def _median(values: Floats) -> Floats:
    ordered = np.sort(values.reshape(len(values), -1), axis=1)  # a third of the time that numpy's median takes
    middle = ordered.shape[1] // 2  # of an even number, since there are 16 blocks
    found: Floats = (ordered[:, middle - 1] + ordered[:, middle]) / 2
    return found


def _block_edges(luma: Floats) -> Floats:
    """How much stronger the picture bends between blocks than elsewhere."""
    edges = np.arange(BLOCK - 2, SIDE - 3, BLOCK)
    others = np.setdiff1d(np.arange(SIDE - 3), edges)
    total = np.zeros((len(luma), SIDE - 3), np.float32)
    for axis in (1, 2):
        step = np.diff(luma, axis=axis)
        middle, before, after = (
            np.take(step, np.arange(*span), axis=axis) for span in ((1, SIDE - 2), (0, SIDE - 3), (2, SIDE - 1))
        )
        total += np.abs(2 * middle - before - after).mean(axis=3 - axis)
    found: Floats = np.log((total[:, edges].mean(axis=1) + 1) / (total[:, others].mean(axis=1) + 1))
    return found
