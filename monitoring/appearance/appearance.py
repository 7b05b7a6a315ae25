"""All numbers about the appearance of photos, as one array."""

from collections.abc import Iterator

import numpy as np

from monitoring.appearance import detail, layout, light
from monitoring.appearance.arrays import Columns, Floats
from monitoring.features.pixels import Pixels, luma

AT_ONCE = 128  # photos, so that their intermediate arrays fit into the processor's cache


def appearance(pixels: Pixels) -> tuple[Floats, Floats]:
    """Plain numbers (images, plain), for which people have words, and finer ones (images, fine) for the detectors."""
    parts = [by_name(part) for part in _parts(pixels)]
    plain, fine = ([_stacked(part[which]) for part in parts] for which in (0, 1))
    return np.concatenate(plain), np.concatenate(fine)


def _parts(pixels: Pixels) -> Iterator[Pixels]:
    yield from (pixels[start : start + AT_ONCE] for start in range(0, max(len(pixels), 1), AT_ONCE))


def by_name(pixels: Pixels) -> tuple[Columns, Columns]:
    """Plain and finer numbers of some photos, by what they are called."""
    gray = luma(pixels).astype(np.float32)
    plain = {
        **light.light(gray),
        **light.colour(pixels),
        **detail.gradients(gray),
        **detail.colour_noise(pixels),
        **detail.spectrum(gray),
        **detail.jpeg_traces(gray, pixels),
        **detail.scaling_traces(gray),
        **layout.light_by_place(gray),
        **layout.edges_by_place(gray),
    }
    return plain, {**layout.edge_directions(gray), **light.colour_map(pixels)}


def _stacked(columns: Columns) -> Floats:
    return np.stack(list(columns.values()), axis=1).astype(np.float32)
