"""The networks of a training are those of its tasks, with batch statistics of photos as they are served."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch
from unit.steps.training.cores import cores

from steps.classifier.classifier import predict_logits
from steps.dataset.files import Dataset
from steps.network.description import Architecture
from steps.robustness.copies import CLEAN, Copies, make_copies
from steps.training.checkpoints import Checkpoints
from steps.training.networks import TrainingInputs, fit_networks
from steps.training.plan import TrainingTask
from steps.training.trainer import Schedule, Trainer, measure_normalisation

SCHEDULE = Schedule(epochs=2, batch_size=2, learning_rate=0.05, weight_decay=0.0005, seed=7)
TASK = TrainingTask("network-1", SCHEDULE, np.array([0, 1, 2, 3]), np.array([4, 5]))
CPU = torch.device("cpu")


@pytest.fixture
def one_core() -> Iterator[None]:
    """Every network is trained on one core: on more of them sums are rounded in another way."""
    with cores(1):
        yield


@pytest.mark.usefixtures("one_core")
def test_a_network_is_trained_recalibrated_and_judged_on_its_held_out_rows(dataset: Dataset) -> None:
    copies = Copies(np.array([3, 4, 5, 5]), np.array([CLEAN, CLEAN, CLEAN, 1]))
    inputs = TrainingInputs(dataset, measure_normalisation(dataset), Architecture(4, 2), copies, seed=7)
    (found,) = fit_networks(inputs, [TASK], None, Event(), CPU)

    trainer = Trainer(dataset.take(TASK.train_rows), inputs.normalisation, inputs.architecture, SCHEDULE, CPU)
    while not trainer.finished:
        trainer.train_epoch()
    uncalibrated = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    trainer.recalibrate_batch_norm()
    for name, value in trainer.network.state_dict().items():
        assert torch.equal(found.weights[name], value), name
    for name in ("stage1.norm1.running_mean", "stage3.norm2.running_mean"):
        assert not torch.allclose(found.weights[name], uncalibrated[name], atol=1e-3), name
    judged = make_copies(dataset.images, copies.take(np.isin(copies.rows, TASK.held_out_rows)), 7)
    expected = predict_logits(trainer.network, inputs.normalisation, judged)
    np.testing.assert_array_equal(found.logits, expected)


@pytest.mark.usefixtures("one_core")
def test_a_network_that_was_finished_is_not_trained_again(
    dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = Copies(np.arange(6), np.full(6, CLEAN))
    inputs = TrainingInputs(dataset, measure_normalisation(dataset), Architecture(4, 2), copies, seed=7)
    checkpoints, interrupted = Checkpoints(tmp_path, {}), Event()
    (first,) = fit_networks(inputs, [TASK], checkpoints, interrupted, CPU)
    assert "network-1 epoch=2 " in capsys.readouterr().out

    interrupted.set()  # the job was stopped while other networks still learnt; the next one has time for nothing new
    (again,) = fit_networks(inputs, [TASK], checkpoints, interrupted, CPU)
    assert capsys.readouterr().out == "network-1 goes on after epoch 2\n"
    assert all(torch.equal(again.weights[name], value) for name, value in first.weights.items())
    np.testing.assert_array_equal(again.logits, first.logits)
