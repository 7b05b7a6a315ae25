"""Trains the networks of one job in parallel.

Each network is trained in its own thread on one core. That keeps all cores busy, although single operations are small,
and makes the weights independent of the number of cores and processes.
"""

from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from threading import Event

import torch
from torch import Tensor

from steps.arrays import Logits
from steps.classifier.classifier import predict_logits
from steps.dataset.files import Dataset
from steps.errors import TrainingInterruptedError
from steps.network.description import Architecture, Normalisation
from steps.robustness.copies import Copies, make_copies
from steps.training.checkpoints import Checkpoints
from steps.training.plan import TrainingTask
from steps.training.trainer import Trainer

CHECKPOINT_EPOCHS = 10  # between two checkpoints, besides one at the end; they take some seconds


@dataclass(frozen=True)
class TrainingInputs:
    """What all networks of a job have in common.

    These are photos, of which those of none of the classes are labelled with the number of classes, normalisation,
    architecture, and the copies of photos that networks judge where they have not learnt from them.
    """

    photos: Dataset
    normalisation: Normalisation
    architecture: Architecture
    copies: Copies
    seed: int


@dataclass(frozen=True)
class TrainedNetwork:
    """A trained network's weights, and its logits (N, outcomes) for the N copies of the held-out rows of its task."""

    weights: dict[str, Tensor]
    logits: Logits


def fit_networks(
    inputs: TrainingInputs,
    tasks: Sequence[TrainingTask],
    checkpoints: Checkpoints | None,
    interrupted: Event,
    device: torch.device,
) -> list[TrainedNetwork]:
    """Train one network for each task; raises TrainingError, or TrainingInterruptedError once the event is set."""
    one_core = partial(torch.set_num_threads, 1)
    with ThreadPoolExecutor(_workers(device), thread_name_prefix="network", initializer=one_core) as pool:
        futures = [pool.submit(_fit_network, inputs, task, checkpoints, interrupted, device) for task in tasks]
        ended, _ = wait(futures, return_when=FIRST_EXCEPTION)
        for failed in (future for future in ended if future.exception()):
            interrupted.set()  # stops the other networks, whose result nobody needs any more
            failed.result()
        return [future.result() for future in futures]


def _workers(device: torch.device) -> int:
    """Networks trained at a time: one for each core, or one on a GPU."""
    return torch.get_num_threads() if device.type == "cpu" else 1


def _fit_network(
    inputs: TrainingInputs,
    task: TrainingTask,
    checkpoints: Checkpoints | None,
    interrupted: Event,
    device: torch.device,
) -> TrainedNetwork:
    learnt = inputs.photos.take(task.train_rows)
    trainer = Trainer(learnt, inputs.normalisation, inputs.architecture, task.schedule, device)
    if checkpoints and (state := checkpoints.load(task.name)):
        trainer.restore(state)
        print(f"{task.name} goes on after epoch {trainer.epoch}", flush=True)
    while not trainer.finished:
        if interrupted.is_set():
            raise _interrupted(trainer, task, checkpoints)
        loss = trainer.train_epoch()
        print(f"{task.name} epoch={trainer.epoch} train_loss={loss:.4f}", flush=True)
        if checkpoints and (trainer.finished or trainer.epoch % CHECKPOINT_EPOCHS == 0):
            checkpoints.save(task.name, trainer.state())
    trainer.recalibrate_batch_norm()
    network = trainer.network.cpu()
    judged = make_copies(inputs.photos.images, inputs.copies.of(task.held_out_rows), inputs.seed)
    return TrainedNetwork(network.state_dict(), predict_logits(network, inputs.normalisation, judged))


def _interrupted(trainer: Trainer, task: TrainingTask, checkpoints: Checkpoints | None) -> TrainingInterruptedError:
    if checkpoints is None:
        return TrainingInterruptedError(f"Interrupted after epoch {trainer.epoch}; there is no folder for checkpoints.")
    checkpoints.save(task.name, trainer.state())
    return TrainingInterruptedError(
        f"Interrupted after epoch {trainer.epoch}. The checkpoints are saved: start the same training again to go on."
    )
