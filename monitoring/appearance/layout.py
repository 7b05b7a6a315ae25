"""Numbers about what is where in a photo: light and edges by rows and columns, and the directions of edges."""

import numpy as np

from monitoring.appearance.arrays import Columns, Floats, mirrored_mean

SIDE = 32
ROWS, BANDS, CELLS, DIRECTIONS = 8, 6, 4, 8


def light_by_place(luma: Floats) -> Columns:
    """How light 8 bands of rows and 4 pairs of columns are, relative to the photo's mean and contrast."""
    size = SIDE // ROWS
    level = luma.mean(axis=(1, 2), keepdims=True)
    scaled = (luma - level) / (luma.std(axis=(1, 2), keepdims=True) + 8)
    rows = scaled.mean(axis=2).reshape(-1, ROWS, size).mean(axis=2)
    columns = mirrored_mean(scaled.mean(axis=1).reshape(-1, ROWS, size).mean(axis=2))
    return {**_named("row", rows), **_named("column", columns)}


def edges_by_place(luma: Floats) -> Columns:
    """How strong edges are in 6 bands of rows and 3 pairs of columns, relative to the whole photo."""
    strength = np.abs(np.diff(luma, axis=1))[:, :, :-1] + np.abs(np.diff(luma, axis=2))[:, :-1]
    rows = _bands(strength.mean(axis=2))
    columns = mirrored_mean(_bands(strength.mean(axis=1)))
    level = rows.mean(axis=1, keepdims=True)
    return {**_named("edge_row", rows - level), **_named("edge_column", columns - level)}


def edge_directions(luma: Floats) -> Columns:
    """Histograms of oriented gradients (Dalal and Triggs, 2005) in 4 x 2 fields, each the mean of both halves."""
    padded = np.pad(luma, ((0, 0), (1, 1), (1, 1)), mode="edge")
    across, down = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2], padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    strength = np.hypot(across, down)
    angle = np.arctan2(down, across) * np.float32(DIRECTIONS / np.pi)
    lower = np.floor(angle)
    upper_share = angle - lower
    lower_bin = lower.astype(np.int8) % DIRECTIONS  # from dark to bright, or from bright to dark: one direction
    place = np.arange(SIDE) // (SIDE // CELLS)
    field = (np.arange(len(luma))[:, None, None] * CELLS + place[:, None]) * CELLS * DIRECTIONS + place * DIRECTIONS
    total = np.zeros(len(luma) * CELLS * CELLS * DIRECTIONS)
    for bins, share in ((lower_bin, 1 - upper_share), ((lower_bin + 1) % DIRECTIONS, upper_share)):
        total += np.bincount((field + bins).ravel(), (strength * share).ravel(), minlength=len(total))
    grid = np.sqrt(total.reshape(len(luma), CELLS, CELLS, DIRECTIONS) / (SIDE // CELLS) ** 2)
    grid /= np.sqrt((grid**2).sum(axis=(1, 2, 3), keepdims=True)) + 1
    mirrored = grid[:, :, ::-1, -np.arange(DIRECTIONS) % DIRECTIONS]
    halves = ((grid + mirrored) / 2)[:, :, : CELLS // 2].astype(np.float32)
    return _named("direction", halves.reshape(len(luma), -1))


def _bands(values: Floats) -> Floats:
    """Logarithms of the means of 6 bands."""
    found: Floats = np.log(np.stack([band.mean(axis=1) for band in np.array_split(values, BANDS, axis=1)], axis=1) + 1)
    return found


def _named(name: str, values: Floats) -> Columns:
    return {f"{name}_{number}": values[:, number] for number in range(values.shape[1])}
