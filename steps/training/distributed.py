"""Distributed training: the processes that torchrun started, or this process alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import distributed

from steps.errors import TrainingError

Item = TypeVar("Item")


@dataclass(frozen=True)
class ProcessGroup:
    """The group of processes that train one model together, seen from one of them."""

    rank: int
    size: int
    local_rank: int

    @property
    def is_leader(self) -> bool:
        """Whether this process writes the model."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """Where this process trains: on its own GPU if there are GPUs, else on the CPU."""
        return torch.device("cuda", self.local_rank) if torch.cuda.is_available() else torch.device("cpu")

    def share(self, work: Sequence[Item]) -> Sequence[Item]:
        """The part of the work that this process does."""
        return work[self.rank :: self.size]

    def gather(self, mine: Sequence[Item]) -> list[Item]:
        """The results of all processes, in the order of the work that `share` divided; every process gets them."""
        if self.size == 1:
            return list(mine)
        everyones: list[Sequence[Item]] = [()] * self.size
        distributed.all_gather_object(everyones, mine)
        total = sum(len(items) for items in everyones)
        return [everyones[index % self.size][index // self.size] for index in range(total)]


@contextmanager
def join_process_group(variables: Mapping[str, str]) -> Iterator[ProcessGroup]:
    """Join the group that torchrun's environment variables describe, over NCCL with GPUs and Gloo without.

    Raises TrainingError if the others cannot be reached. Variables: "torchrun (Elastic Launch)", PyTorch's manual.
    """
    if "WORLD_SIZE" not in variables:
        yield ProcessGroup(rank=0, size=1, local_rank=0)
        return
    group = ProcessGroup(*(int(variables[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))
    if torch.cuda.is_available():
        torch.cuda.set_device(group.device)
    try:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    except (RuntimeError, ValueError) as error:
        raise TrainingError(f"Process {group.rank} of {group.size} cannot reach the others: {error}") from error
    try:
        yield group
    finally:
        distributed.destroy_process_group()
