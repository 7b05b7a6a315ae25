"""The processes that share a training: those that torchrun started, or just this one."""

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
    """The processes that train together, and which of them this one is."""

    rank: int
    size: int
    local_rank: int

    @property
    def is_leader(self) -> bool:
        """Whether this process writes the model."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """Where this process trains: a GPU of its own where there are any."""
        return torch.device("cuda", self.local_rank) if torch.cuda.is_available() else torch.device("cpu")

    def share(self, work: Sequence[Item]) -> Sequence[Item]:
        """What of the work falls to this process."""
        return work[self.rank :: self.size]

    def gather(self, mine: Sequence[Item]) -> list[Item]:
        """What all processes have made, at every one of them, in the order of the work that `share` dealt out."""
        if self.size == 1:
            return list(mine)
        everyones: list[Sequence[Item]] = [()] * self.size
        distributed.all_gather_object(everyones, mine)
        total = sum(len(items) for items in everyones)
        return [everyones[index % self.size][index // self.size] for index in range(total)]


@contextmanager
def join_process_group(variables: Mapping[str, str]) -> Iterator[ProcessGroup]:
    """The group that torchrun's variables describe, over NCCL where there are GPUs and Gloo where there are none.

    Raises TrainingError where the others cannot be reached. Variables: "torchrun (Elastic Launch)", PyTorch's manual.
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
