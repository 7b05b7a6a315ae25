"""The training loop: SGD with Nesterov momentum, one-cycle learning rate, label smoothing, augmentation and mixup."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR

from steps.augmentation import Strength, augment, mix
from steps.dataset import Dataset
from steps.errors import TrainingError
from steps.model import Architecture, Network, Normalisation, normalise, to_tensor

MOMENTUM = 0.9
LABEL_SMOOTHING = 0.1
MIXUP_ALPHA = 0.2  # of the beta distribution that photos are blended with
WHITENED_IMAGES = 1000  # training images that the whitening filters are computed from: more change nothing
WARM_UP = 0.25  # share of the steps in which the learning rate rises


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a network learns."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    seed: int


@dataclass(frozen=True)
class Epoch:
    """The network after an epoch, and the mean loss of its steps; the network goes on learning at the next one."""

    number: int
    train_loss: float
    network: Network


def measure_normalisation(train: Dataset) -> Normalisation:
    """Mean and deviation of each channel over the training images, on the scale 0 to 1."""
    x = to_tensor(train.images)
    red, green, blue = x.mean(dim=(0, 2, 3)).tolist()
    std_red, std_green, std_blue = x.std(dim=(0, 2, 3)).tolist()
    return Normalisation((red, green, blue), (std_red, std_green, std_blue))


def fit(
    train: Dataset, normalisation: Normalisation, architecture: Architecture, schedule: Schedule
) -> Iterator[Epoch]:
    """Train a network and give it after each epoch; the same seed gives the same network.

    Raises TrainingError where there are too few images, or the loss is no longer a number.
    """
    if len(train.labels) < 2:
        raise TrainingError(f"{len(train.labels)} training images are too few to learn from.")
    generator = torch.Generator().manual_seed(schedule.seed)
    shares = np.random.default_rng(schedule.seed)  # torch's beta distribution takes no generator
    x = to_tensor(train.images)
    targets = functional.one_hot(torch.from_numpy(train.labels), architecture.outputs).float()
    network = _initialise(architecture, schedule.seed)
    network.whiten(normalise(x[:WHITENED_IMAGES], normalisation))
    batch_size = min(schedule.batch_size, len(x))
    optimizer, scheduler = _optimiser(network, schedule, steps=schedule.epochs * (len(x) // batch_size))
    for number in range(1, schedule.epochs + 1):
        losses = []
        network.train()
        for rows in _batches(len(x), batch_size, generator):
            share = float(shares.beta(MIXUP_ALPHA, MIXUP_ALPHA))
            inputs, blended = mix(augment(x[rows], Strength(), generator), targets[rows], share)
            loss = functional.cross_entropy(
                network(normalise(inputs, normalisation)), blended, label_smoothing=LABEL_SMOOTHING
            )
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
        yield Epoch(number, _mean(losses, number), network)


def _initialise(architecture: Architecture, seed: int) -> Network:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Network(architecture)


def _optimiser(network: Network, schedule: Schedule, steps: int) -> tuple[torch.optim.SGD, OneCycleLR]:
    learnt = [parameter for parameter in network.parameters() if parameter.requires_grad]
    matrices = [parameter for parameter in learnt if parameter.ndim > 1]
    vectors = [parameter for parameter in learnt if parameter.ndim <= 1]
    # Decay is for the weights of convolutions: on biases and normalisation it only costs accuracy.
    groups = [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=schedule.learning_rate, momentum=MOMENTUM, nesterov=True)
    return optimizer, OneCycleLR(optimizer, schedule.learning_rate, total_steps=steps, pct_start=WARM_UP)


def _batches(count: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Rows in random order; what does not fill a batch waits for another epoch's order."""
    order = torch.randperm(count, generator=generator)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


def _mean(losses: list[float], epoch: int) -> float:
    mean = math.fsum(losses) / len(losses)
    if not math.isfinite(mean):
        raise TrainingError(f"The training loss of epoch {epoch} is {mean}. Lower training.learning_rate.")
    return mean
