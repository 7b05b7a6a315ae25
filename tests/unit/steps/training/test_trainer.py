"""A network learns, repeatably, and goes on where it stopped."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from steps.arrays import Images
from steps.dataset.files import Dataset
from steps.errors import TrainingError
from steps.network.architecture import normalise, to_tensor
from steps.network.description import Architecture
from steps.training import trainer as trainer_module
from steps.training.trainer import Schedule, Trainer, measure_normalisation, one_cycle

SCHEDULE = Schedule(epochs=4, batch_size=4, learning_rate=0.05, weight_decay=0.0005, seed=7)


def trainer(dataset: Dataset, schedule: Schedule = SCHEDULE) -> Trainer:
    normalisation = measure_normalisation(dataset)
    return Trainer(dataset, normalisation, Architecture(4, 2), schedule, torch.device("cpu"))


def weights(trainer: Trainer) -> list[float]:
    """The last layer, after all epochs."""
    while not trainer.finished:
        trainer.train_epoch()
    return list(trainer.network.head.weight.flatten().tolist())


def test_same_seed_same_network(dataset: Dataset) -> None:
    assert weights(trainer(dataset)) == weights(trainer(dataset))
    assert weights(trainer(dataset)) != weights(trainer(dataset, replace(SCHEDULE, seed=8)))


def test_others_are_drawn_anew_in_every_epoch_beside_all_photos_of_the_classes(images: Images) -> None:
    labels = np.array([0, 1] * 10 + [2] * 30)
    photos = Dataset(np.resize(images, (50, 32, 32, 3)), labels, np.array(["a.png"] * 50))
    learner = Trainer(
        photos, measure_normalisation(photos), Architecture(4, 2, other=True), SCHEDULE, torch.device("cpu")
    )
    first, second = (learner._drawn(torch.Generator().manual_seed(seed)).tolist() for seed in (1, 2))
    assert first[:20] == second[:20] == list(range(20))
    assert len(set(first)) == 23
    assert set(first[20:]) != set(second[20:])
    assert learner.network.head.out_features == 12  # four rotations of two classes and of none of them
    assert np.isfinite(weights(learner)).all()


def test_every_epoch_draws_anew(dataset: Dataset) -> None:
    still = trainer(dataset, replace(SCHEDULE, learning_rate=1e-12))
    assert len({still.train_epoch() for _ in range(3)}) == 3


def test_settles_on_photos_as_they_are_served(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer_module, "CHANGED_SHARE", 0.0)  # by a good camera
    learnt = trainer(dataset)
    weights(learnt)
    before = learnt.network.head.weight.clone()
    learnt.recalibrate_batch_norm()
    assert torch.equal(learnt.network.head.weight, before)
    stage = learnt.network.stage1
    seen: list[torch.Tensor] = []
    stage.conv1.register_forward_hook(lambda *call: seen.append(call[-1]))
    x = normalise(to_tensor(dataset.images), measure_normalisation(dataset))
    learnt.network.eval().classify(x)
    # The views that classify looks at are those turns and their mirror images: the latter differ a little.
    assert stage.norm1.running_mean is not None
    assert torch.allclose(stage.norm1.running_mean, seen[0].mean(dim=(0, 2, 3)), atol=0.05)


def test_goes_on_from_a_state_to_the_same_bits(dataset: Dataset) -> None:
    first, second = trainer(dataset), trainer(dataset)
    first.train_epoch()
    first.train_epoch()
    second.restore(first.state())
    assert second.epoch == 2
    assert weights(second) == weights(trainer(dataset))


@pytest.mark.parametrize(("progress", "share"), [(0, 0.04), (0.125, 0.52), (0.25, 1), (0.625, 0.5), (1, 0)])
def test_the_learning_rate_rises_and_falls(progress: float, share: float) -> None:
    assert one_cycle(progress) == pytest.approx(share)


def test_batch_larger_than_the_data(dataset: Dataset) -> None:
    assert np.isfinite(weights(trainer(dataset, replace(SCHEDULE, batch_size=1000)))).all()


def test_divergence_is_an_error(dataset: Dataset) -> None:
    with pytest.raises(TrainingError, match=r"Lower training.learning_rate"):
        weights(trainer(dataset, replace(SCHEDULE, epochs=30, learning_rate=1e30)))


def test_one_photo_is_too_few(dataset: Dataset) -> None:
    with pytest.raises(TrainingError, match="too few"):
        trainer(dataset.take(np.array([0])))
