"""The training loop: SGD with Nesterov momentum, one-cycle learning rate, label smoothing, augmentation and mixup."""

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

from steps.augmentation import Strength, augment, mix, turn
from steps.dataset import Dataset
from steps.errors import TrainingError
from steps.model import TURNS, Architecture, Network, Normalisation, normalise, to_tensor
from steps.seeding import seeded
from steps.side_task import Others, SideTask

MOMENTUM = 0.9
LABEL_SMOOTHING = 0.1
MIXUP_ALPHA = 0.2  # of the beta distribution that photos are blended with
WHITENED_IMAGES = 1000  # training images that the whitening filters are computed from: more change nothing
WARM_UP, FIRST_RATE = 0.25, 0.04  # share of the steps in which the learning rate rises, and where it starts


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a network learns."""

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


class Learner:
    """A network that learns, epoch by epoch.

    What an epoch draws at random depends on the seed and its number only: an interrupted training that goes on from its
    `state` ends with the same weights, bit for bit, as one that was not interrupted.
    """

    def __init__(
        self,
        train: Dataset,
        normalisation: Normalisation,
        architecture: Architecture,
        schedule: Schedule,
        device: torch.device,
        others: Others | None = None,
    ) -> None:
        """Raises TrainingError where there are too few images."""
        if len(train.labels) < 2:
            raise TrainingError(f"{len(train.labels)} training images are too few to learn from.")
        self.epoch = 0
        self.network = _initialise(architecture, schedule.seed)
        self._schedule = schedule
        self._normalisation = normalisation
        self._device = device
        self._x = to_tensor(train.images)
        self._targets = functional.one_hot(torch.from_numpy(train.labels), architecture.classes).float()
        self._batch_size = min(schedule.batch_size, len(train.labels))
        self.network.whiten(normalise(self._x[:WHITENED_IMAGES], normalisation))
        self.network.to(device)
        self._side_task = SideTask(others, self.network, schedule.seed).to(device) if others else None
        learnt = [*self.network.parameters(), *(self._side_task.parameters() if self._side_task else ())]
        steps = schedule.epochs * (len(train.labels) // self._batch_size)
        self._optimizer, self._scheduler = _optimiser(learnt, schedule, steps)

    @property
    def finished(self) -> bool:
        """Whether all epochs are done."""
        return self.epoch >= self._schedule.epochs

    def learn(self) -> float:
        """One epoch; its mean loss. Raises TrainingError where the loss is no longer a number."""
        self.epoch += 1
        self.network.train()
        draw = _Draw(self._schedule.seed, self.epoch)
        losses = [self._step(rows, draw) for rows in draw.batches(len(self._x), self._batch_size)]
        mean = math.fsum(losses) / len(losses)
        if not math.isfinite(mean):
            raise TrainingError(f"The training loss of epoch {self.epoch} is {mean}. Lower training.learning_rate.")
        return mean

    def _step(self, rows: Tensor, draw: "_Draw") -> float:
        photos = augment(self._x[rows], Strength(), draw.generator)
        photos, blended = mix(photos, self._targets[rows], draw.share())
        turns = torch.randint(TURNS, (len(rows),), generator=draw.generator)
        target = torch.zeros(len(rows), TURNS, blended.shape[1])
        target[torch.arange(len(rows)), turns] = blended
        photos = turn(photos, turns)
        if self._side_task:
            others, other_labels = self._side_task.draw(len(rows) // 2, draw.generator)
            photos = torch.cat([photos, others])
        features = self.network.features(normalise(photos, self._normalisation).to(self._device))
        logits = self.network.read(features[: len(rows)]).flatten(1)
        loss = functional.cross_entropy(logits, target.flatten(1).to(self._device), label_smoothing=LABEL_SMOOTHING)
        if self._side_task:
            loss = loss + self._side_task.loss(features[len(rows) :], other_labels.to(self._device))
        self._optimizer.zero_grad()
        torch.autograd.backward(loss)
        self._optimizer.step()
        self._scheduler.step()
        return loss.item()

    def state(self) -> dict[str, Any]:
        """Everything that goes on learning needs besides what the learner is made from."""
        return {
            "side_task": self._side_task.state_dict() if self._side_task else None,
            "epoch": self.epoch,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scheduler": self._scheduler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state of a learner that was made from the same things."""
        self.epoch = state["epoch"]
        self.network.load_state_dict(state["network"])
        if self._side_task:
            self._side_task.load_state_dict(state["side_task"])
        self._optimizer.load_state_dict(deepcopy(state["optimizer"]))  # or both would change the same momentum
        self._scheduler.load_state_dict(state["scheduler"])


class _Draw:
    """What one epoch draws at random."""

    def __init__(self, seed: int, epoch: int) -> None:
        sequence = np.random.SeedSequence((seed, epoch))
        self.generator = torch.Generator().manual_seed(int(sequence.generate_state(1)[0]))
        self._shares = np.random.default_rng(sequence)  # torch's beta distribution takes no generator

    def batches(self, count: int, size: int) -> Iterator[Tensor]:
        """Rows in random order; what does not fill a batch waits for another epoch's order."""
        order = torch.randperm(count, generator=self.generator)
        for start in range(0, count - size + 1, size):
            yield order[start : start + size]

    def share(self) -> float:
        """How much of a photo is left when it is blended with another."""
        return float(self._shares.beta(MIXUP_ALPHA, MIXUP_ALPHA))


def _initialise(architecture: Architecture, seed: int) -> Network:
    with seeded(seed):
        return Network(architecture)


def one_cycle(progress: float) -> float:
    """Share of the peak learning rate at a point, 0 to 1, of the training: up and down along cosines (Smith, 2018)."""
    if progress < WARM_UP:
        return FIRST_RATE + (1 - FIRST_RATE) * (1 - math.cos(math.pi * progress / WARM_UP)) / 2
    return (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2


def _optimiser(parameters: Sequence[nn.Parameter], schedule: Schedule, steps: int) -> tuple[torch.optim.SGD, LambdaLR]:
    learnt = [parameter for parameter in parameters if parameter.requires_grad]
    matrices = [parameter for parameter in learnt if parameter.ndim > 1]
    vectors = [parameter for parameter in learnt if parameter.ndim <= 1]
    # Decay is for the weights of convolutions: on biases and normalisation it only costs accuracy.
    groups = [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=schedule.learning_rate, momentum=MOMENTUM, nesterov=True)
    return optimizer, LambdaLR(optimizer, lambda step: one_cycle(step / steps))
