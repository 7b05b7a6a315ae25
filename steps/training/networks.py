"""The networks of one training, side by side.

Each learns in a thread of its own on one core: that keeps all cores busy where operations are as small as here, and
makes the weights independent of how many cores, or processes of a distributed training, there are.
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
from steps.network.architecture import Architecture, Normalisation
from steps.training.auxiliary_task import Others
from steps.training.checkpoints import Checkpoints
from steps.training.plan import Lesson
from steps.training.trainer import Learner

CHECKPOINT_EPOCHS = 10  # between two checkpoints: some seconds


@dataclass(frozen=True)
class Recipe:
    """What every network is made from."""

    train: Dataset
    normalisation: Normalisation
    architecture: Architecture
    others: Others | None


@dataclass(frozen=True)
class Fitted:
    """A trained network's weights, and its logits (N, classes) for the N rows that its lesson held out."""

    weights: dict[str, Tensor]
    logits: Logits


def fit_networks(
    recipe: Recipe, lessons: Sequence[Lesson], checkpoints: Checkpoints | None, interrupted: Event, device: torch.device
) -> list[Fitted]:
    """Train a network for each lesson; raises TrainingError, TrainingInterruptedError once the event is set."""
    one_core = partial(torch.set_num_threads, 1)
    with ThreadPoolExecutor(_workers(device), thread_name_prefix="network", initializer=one_core) as pool:
        futures = [pool.submit(_fit_network, recipe, lesson, checkpoints, interrupted, device) for lesson in lessons]
        ended, _ = wait(futures, return_when=FIRST_EXCEPTION)
        for failed in (future for future in ended if future.exception()):
            interrupted.set()  # or the others would learn on for nothing
            failed.result()
        return [future.result() for future in futures]


def _workers(device: torch.device) -> int:
    """As many as there are cores for this job; a GPU is busy with one."""
    return torch.get_num_threads() if device.type == "cpu" else 1


def _fit_network(
    recipe: Recipe, lesson: Lesson, checkpoints: Checkpoints | None, interrupted: Event, device: torch.device
) -> Fitted:
    train = recipe.train.take(lesson.learnt)
    learner = Learner(train, recipe.normalisation, recipe.architecture, lesson.schedule, device, recipe.others)
    if checkpoints and (state := checkpoints.load(lesson.name)):
        learner.restore(state)
        print(f"{lesson.name} goes on after epoch {learner.epoch}", flush=True)
    while not learner.finished:
        if interrupted.is_set():
            raise _interrupted(learner, lesson, checkpoints)
        loss = learner.learn()
        print(f"{lesson.name} epoch={learner.epoch} train_loss={loss:.4f}", flush=True)
        if checkpoints and learner.epoch % CHECKPOINT_EPOCHS == 0 and not learner.finished:
            checkpoints.save(lesson.name, learner.state())
    learner.settle()
    network = learner.network.cpu()
    logits = predict_logits(network, recipe.normalisation, recipe.train.images[lesson.held_out])
    return Fitted(network.state_dict(), logits)


def _interrupted(learner: Learner, lesson: Lesson, checkpoints: Checkpoints | None) -> TrainingInterruptedError:
    if checkpoints is None:
        return TrainingInterruptedError(f"Interrupted after epoch {learner.epoch}; there is no folder for checkpoints.")
    checkpoints.save(lesson.name, learner.state())
    return TrainingInterruptedError(
        f"Interrupted after epoch {learner.epoch}. The checkpoints are saved: start the same training again to go on."
    )
