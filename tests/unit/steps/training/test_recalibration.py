"""A trained network is served with batch-norm statistics of photos as they are served."""

from threading import Event

import numpy as np
import torch

from steps.dataset.files import Dataset
from steps.network.architecture import Architecture
from steps.training.networks import TrainingInputs, fit_networks
from steps.training.plan import TrainingTask
from steps.training.trainer import Schedule, Trainer, measure_normalisation

CPU = torch.device("cpu")


def test_batch_norm_is_recalibrated_when_training_ends(dataset: Dataset) -> None:
    schedule = Schedule(epochs=1, batch_size=4, learning_rate=0.05, weight_decay=0.0005, seed=7)
    inputs = TrainingInputs(dataset, measure_normalisation(dataset), Architecture(4, 2), None)
    trainer = Trainer(dataset, inputs.normalisation, inputs.architecture, schedule, CPU, None)
    trainer.train_epoch()
    moving = trainer.network.stage1.norm1.running_mean
    assert moving is not None
    before = moving.clone()
    trainer.recalibrate_batch_norm()
    task = TrainingTask("network-1", schedule, np.arange(6), np.arange(0))
    (trained,) = fit_networks(inputs, [task], None, Event(), CPU)
    served = trained.weights["stage1.norm1.running_mean"]
    assert torch.allclose(served, moving, atol=1e-5)
    assert not torch.allclose(served, before, atol=1e-3)
