"""Layers whose first weights depend on a seed alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch

ONE_AT_A_TIME = Lock()  # PyTorch draws them from one generator, which all threads share


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Layers that are made in the block start with the weights of this seed, whatever other threads do."""
    with ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
