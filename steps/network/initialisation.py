"""Reproducible initial weights, also where several networks are made in parallel."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch

ONE_AT_A_TIME = Lock()  # PyTorch draws initial weights from one generator that all threads share


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Layers created in the block get initial weights that depend only on the seed."""
    with ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
