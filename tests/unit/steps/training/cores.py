"""The number of cores that PyTorch uses, which decides how sums are rounded and how many networks train at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def cores(count: int) -> Iterator[None]:
    """PyTorch uses so many cores in this block."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
