"""Splits of an archive as the tests want them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

WriteArchive = Callable[..., Path]


def split(**changes: object) -> dict[bytes, object]:
    """A split of two rows with some keys replaced."""
    sound: dict[bytes, object] = {
        b"filenames": [b"a.png", b"b.png"],
        b"fine_labels": [1, 2],
        b"data": np.zeros((2, 3072), np.uint8),
    }
    return sound | {key.encode(): value for key, value in changes.items()}
