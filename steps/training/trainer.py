"""The training loop: Muon and SGD with a one-cycle learning rate, label smoothing and augmentation."""

import math
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import update_bn

from steps.dataset.files import Dataset
from steps.errors import TrainingError
from steps.network.architecture import (
    TURNS,
    Network,
    normalise,
    quarter_rotations,
    to_tensor,
)
from steps.network.augmentation import AugmentationRanges, augment, rotate_quarter
from steps.network.camera import photograph
from steps.network.description import Architecture, Normalisation
from steps.network.initialisation import seeded
from steps.network.muon import Muon

MOMENTUM = 0.9
HEAD_RATE, HEAD_DECAY = 0.1, 0.005  # learning rate and weight decay of the linear heads
LABEL_SMOOTHING = 0.1
RECALIBRATION_BATCH = 64  # photos, each in all four rotations
WHITENED_IMAGES = 1000  # training images for the whitening filters; more make no difference
OTHERS_SHARE = 0.15  # photos of other things in an epoch, for each photo of the classes
CHANGED_SHARE = 0.35  # of the photos of a batch that are taken by a poor camera
WARM_UP, FIRST_RATE = 0.25, 0.04  # share of the steps with a rising learning rate, and its initial share of the peak


@dataclass(frozen=True)
class Schedule:
    """Length and step sizes of one network's training, and its seed."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    seed: int


def measure_normalisation(train: Dataset) -> Normalisation:
    """Mean and deviation of each channel over the training images, on the scale 0 to 1."""
    x = to_tensor(train.images)
    red, green, blue = x.mean(dim=(0, 2, 3)).tolist()
    std_red, std_green, std_blue = x.std(dim=(0, 2, 3)).tolist()
    return Normalisation((red, green, blue), (std_red, std_green, std_blue))


class Trainer:
    """Trains one network, epoch by epoch. Photos of none of the classes are labelled with the number of classes.

    The random numbers of an epoch depend only on the seed and the epoch's number. A training that resumes from `state`
    therefore ends with exactly the weights of one that was never interrupted.
    """

    def __init__(
        self,
        train: Dataset,
        normalisation: Normalisation,
        architecture: Architecture,
        schedule: Schedule,
        device: torch.device,
    ) -> None:
        """Raises TrainingError if there are fewer than two images."""
        if len(train.labels) < 2:
            raise TrainingError(f"{len(train.labels)} training images are too few to train on.")
        self.epoch = 0
        self.network = _initialise(architecture, schedule.seed)
        self._schedule = schedule
        self._normalisation = normalisation
        self._device = device
        self._x = to_tensor(train.images)
        self._labels = torch.from_numpy(train.labels)
        self._known, self._others = (torch.nonzero(each).flatten() for each in _sides(self._labels, architecture))
        self._drawn_others = min(round(OTHERS_SHARE * len(self._known)), len(self._others))
        self._batch_size = min(schedule.batch_size, len(self._known) + self._drawn_others)
        self.network.whiten(normalise(self._x[self._known[:WHITENED_IMAGES]], normalisation))
        self.network.to(device)
        learnt = [parameter for parameter in self.network.parameters() if parameter.requires_grad]
        steps = schedule.epochs * ((len(self._known) + self._drawn_others) // self._batch_size)
        self._optimizers = _optimizers(learnt, schedule)
        self._schedulers = [LambdaLR(each, lambda step: one_cycle(step / steps)) for each in self._optimizers]

    @property
    def finished(self) -> bool:
        """Whether all epochs have been trained."""
        return self.epoch >= self._schedule.epochs

    def train_epoch(self) -> float:
        """Train one epoch and return its mean loss; raises TrainingError if the loss is not finite."""
        self.epoch += 1
        self.network.train()
        draw = _generator(self._schedule.seed, self.epoch)
        losses = [self._step(rows, draw) for rows in _batches(self._drawn(draw), self._batch_size, draw)]
        mean = math.fsum(losses) / len(losses)
        if not math.isfinite(mean):
            raise TrainingError(f"The training loss of epoch {self.epoch} is {mean}. Lower training.learning_rate.")
        return mean

    def _drawn(self, draw: torch.Generator) -> Tensor:
        """The rows of an epoch: all photos of the classes, and some others."""
        others = self._others[torch.randperm(len(self._others), generator=draw)[: self._drawn_others]]
        return torch.cat([self._known, others])

    def _step(self, rows: Tensor, draw: torch.Generator) -> float:
        photos = self._taken(rows, draw)
        turns = torch.randint(TURNS, (len(rows),), generator=draw)
        photos, target = rotate_quarter(photos, turns), self._labels[rows] + self.network.outcomes * turns
        logits = self.network(normalise(photos, self._normalisation).to(self._device)).flatten(1)
        loss = functional.cross_entropy(logits, target.to(self._device), label_smoothing=LABEL_SMOOTHING)
        self._optimizer_step(loss)
        return loss.item()

    def _taken(self, rows: Tensor, draw: torch.Generator) -> Tensor:
        """The photos of these rows, all of them augmented, and a share of them as poor cameras take them."""
        return _photographed(augment(self._x[rows], AugmentationRanges(), draw), draw)

    def _optimizer_step(self, loss: Tensor) -> None:
        for optimizer in self._optimizers:
            optimizer.zero_grad()
        torch.autograd.backward(loss)
        for optimizer, scheduler in zip(self._optimizers, self._schedulers, strict=True):
            optimizer.step()
            scheduler.step()

    def recalibrate_batch_norm(self) -> None:
        """Recompute batch-norm statistics on photos as they will be served: not augmented, by good and poor cameras.

        Call it once, after the last epoch.
        """
        draw = _generator(self._schedule.seed, epoch=0)
        rows = self._drawn(draw)
        batches = _batches(rows, min(RECALIBRATION_BATCH, len(rows)), draw)
        photos = (normalise(_photographed(self._x[batch], draw), self._normalisation) for batch in batches)
        update_bn((quarter_rotations(x) for x in photos), self.network, self._device)

    def state(self) -> dict[str, Any]:
        """The state of the training, for a checkpoint."""
        return {
            "epoch": self.epoch,
            "network": self.network.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "schedulers": [scheduler.state_dict() for scheduler in self._schedulers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from the state of a trainer that was created with the same arguments."""
        self.epoch = state["epoch"]
        self.network.load_state_dict(state["network"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(
                deepcopy(saved)
            )  # the optimizer would otherwise share its momentum with the saved state
        for scheduler, saved in zip(self._schedulers, state["schedulers"], strict=True):
            scheduler.load_state_dict(saved)


def _generator(seed: int, epoch: int) -> torch.Generator:
    """The source of one epoch's random numbers."""
    return torch.Generator().manual_seed(int(np.random.SeedSequence((seed, epoch)).generate_state(1)[0]))


def _photographed(photos: Tensor, draw: torch.Generator) -> Tensor:
    """Photos in random order, of which the first, a share of them, become as poor cameras take them."""
    changed = round(CHANGED_SHARE * len(photos))
    return torch.cat([photograph(photos[:changed].clamp(0, 1), draw), photos[changed:]])


def _sides(labels: Tensor, architecture: Architecture) -> tuple[Tensor, Tensor]:
    """Which rows show one of the classes, and which show something else."""
    return labels < architecture.classes, labels >= architecture.classes


def _batches(rows: Tensor, size: int, draw: torch.Generator) -> Iterator[Tensor]:
    """Rows in random order, in full batches; the incomplete last batch is dropped."""
    order = rows[torch.randperm(len(rows), generator=draw)]
    for start in range(0, len(rows) - size + 1, size):
        yield order[start : start + size]


def _initialise(architecture: Architecture, seed: int) -> Network:
    with seeded(seed):
        return Network(architecture)


def one_cycle(progress: float) -> float:
    """The learning rate as a share of its peak, at `progress` from 0 to 1: cosine rise and decay (Smith, 2018)."""
    if progress < WARM_UP:
        return FIRST_RATE + (1 - FIRST_RATE) * (1 - math.cos(math.pi * progress / WARM_UP)) / 2
    return (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2


def _optimizers(learnt: Sequence[nn.Parameter], schedule: Schedule) -> list[torch.optim.Optimizer]:
    """Muon for the convolutions, SGD for the rest.

    Biases and normalisation have no weight decay, which would only cost accuracy there.
    """
    convolutions = [parameter for parameter in learnt if parameter.ndim == 4]
    heads = [parameter for parameter in learnt if parameter.ndim == 2]
    vectors = [parameter for parameter in learnt if parameter.ndim == 1]
    others: list[dict[str, Any]] = [{"params": heads, "weight_decay": HEAD_DECAY}, {"params": vectors}]
    return [
        Muon(convolutions, schedule.learning_rate, MOMENTUM, schedule.weight_decay),
        torch.optim.SGD(others, lr=HEAD_RATE, momentum=MOMENTUM, nesterov=True),
    ]
