"""The networks of the ensemble, one for each fold, trained side by side.

Each learns in a thread of its own on one core: that keeps all cores busy where operations are as small as here, and
makes the weights independent of how many cores, or processes of a distributed training, there are.
"""

from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from threading import Event

import torch
from torch import Tensor

from steps.arrays import Logits
from steps.checkpoints import Checkpoints
from steps.classifier import predict_logits
from steps.dataset import Dataset
from steps.errors import TrainingInterruptedError
from steps.fit import Learner, Schedule
from steps.folds import Fold
from steps.model import Architecture, Normalisation
from steps.side_task import Others

CHECKPOINT_EPOCHS = 10  # between two checkpoints: some seconds
SEEDS = 1000  # between the first networks of two seeds: more than there are folds


@dataclass(frozen=True)
class Recipe:
    """What every network of the ensemble is made from; the seeds of their schedules differ."""

    train: Dataset
    normalisation: Normalisation
    architecture: Architecture
    schedule: Schedule
    others: Others | None


@dataclass(frozen=True)
class Member:
    """A trained network's weights, and its logits (N, classes) for the N rows that its fold held out."""

    fold: int
    weights: dict[str, Tensor]
    logits: Logits


def fit_members(
    recipe: Recipe, folds: Sequence[Fold], checkpoints: Checkpoints | None, interrupted: Event, device: torch.device
) -> list[Member]:
    """Train a network for each fold; raises TrainingError, TrainingInterruptedError once the event is set."""
    one_core = partial(torch.set_num_threads, 1)
    with ThreadPoolExecutor(_workers(device), thread_name_prefix="fold", initializer=one_core) as pool:
        futures = [pool.submit(_fit_member, recipe, fold, checkpoints, interrupted, device) for fold in folds]
        ended, _ = wait(futures, return_when=FIRST_EXCEPTION)
        for failed in (future for future in ended if future.exception()):
            interrupted.set()  # or the others would learn on for nothing
            failed.result()
        return [future.result() for future in futures]


def _workers(device: torch.device) -> int:
    """As many as there are cores for this job; a GPU is busy with one."""
    return torch.get_num_threads() if device.type == "cpu" else 1


def _fit_member(
    recipe: Recipe, fold: Fold, checkpoints: Checkpoints | None, interrupted: Event, device: torch.device
) -> Member:
    schedule = replace(recipe.schedule, seed=SEEDS * recipe.schedule.seed + fold.number)
    train = recipe.train.take(fold.learnt)
    learner = Learner(train, recipe.normalisation, recipe.architecture, schedule, device, recipe.others)
    if checkpoints and (state := checkpoints.load(fold.number)):
        learner.restore(state)
        print(f"fold={fold.number} goes on after epoch {learner.epoch}", flush=True)
    while not learner.finished:
        if interrupted.is_set():
            raise _interrupted(learner, fold, checkpoints)
        loss = learner.learn()
        print(f"fold={fold.number} epoch={learner.epoch} train_loss={loss:.4f}", flush=True)
        if checkpoints and learner.epoch % CHECKPOINT_EPOCHS == 0 and not learner.finished:
            checkpoints.save(fold.number, learner.state())
    network = learner.network.cpu()
    logits = predict_logits(network, recipe.normalisation, recipe.train.images[fold.held_out])
    return Member(fold.number, network.state_dict(), logits)


def _interrupted(learner: Learner, fold: Fold, checkpoints: Checkpoints | None) -> TrainingInterruptedError:
    if checkpoints is None:
        return TrainingInterruptedError(f"Interrupted after epoch {learner.epoch}; there is no folder for checkpoints.")
    checkpoints.save(fold.number, learner.state())
    return TrainingInterruptedError(
        f"Interrupted after epoch {learner.epoch}. The checkpoints are saved: start the same training again to go on."
    )
