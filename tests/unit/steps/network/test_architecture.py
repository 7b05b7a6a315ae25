"""The network, and the folder that holds it."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from steps.arrays import Images
from steps.classifier.classifier import Classifier, load_classifier, predict_logits, save_classifier, softmax
from steps.errors import ModelError
from steps.network.architecture import (
    Architecture,
    Network,
    Normalisation,
    _looked_at,
    normalise,
    of_four,
    to_tensor,
    whitening_filters,
)


def test_a_network_that_has_answered_can_learn() -> None:
    network, x = Network(Architecture(4, 2)), torch.rand(2, 3, 32, 32)
    _looked_at.cache_clear()
    with torch.inference_mode():
        network.classify(x)
    network.classify(x).sum().backward()
    assert network.head.weight.grad is not None


def test_pixels_become_normalised_planes(images: Images) -> None:
    x = to_tensor(images)
    assert x.shape == (6, 3, 32, 32)
    assert float(x[2, 1, 5, 7]) == pytest.approx(images[2, 5, 7, 1] / 255)
    mean, std = x.mean(dim=(0, 2, 3)), x.std(dim=(0, 2, 3))
    normalised = normalise(x, Normalisation(tuple(mean.tolist()), tuple(std.tolist())))
    assert torch.allclose(normalised.mean(dim=(0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.allclose(normalised.std(dim=(0, 2, 3)), torch.ones(3), atol=1e-5)


@pytest.mark.parametrize("classes", [2, 5])
def test_one_logit_a_class(classes: int) -> None:
    network = Network(Architecture(4, classes)).eval()
    x = torch.rand(3, 3, 32, 32)
    assert network(x).shape == (3, 4, classes)
    assert network.classify(x).shape == (3, classes)
    views = [(turn, torch.rot90(side, turn, (2, 3))) for turn in range(4) for side in (x, x.flip(3))]
    one_by_one = sum(network(view)[:, turn] for turn, view in views) / 8
    assert torch.allclose(network.classify(x), one_by_one, atol=1e-6)


def test_a_turned_photo_is_the_same_photo_turned_further() -> None:
    """What is said of a photo is said of its turns, too, each one further; in the mirror it turns the other way."""
    network = Network(Architecture(4, 2, other=True)).eval()
    x = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        said = network.judge(x)
        assert said.shape == (3, 4, 3)
        assert said.std(dim=1).min() > 1e-5  # the turns differ
        assert torch.equal(network.classify(x), said[:, 0])
        for turn in (1, 2, 3):
            assert torch.allclose(network.judge(torch.rot90(x, turn, (2, 3))), said.roll(turn, 1), atol=1e-6)
        assert torch.allclose(network.judge(x.flip(3)), said[:, [0, 3, 2, 1]], atol=1e-6)


def test_the_extreme_of_four_is_pooling() -> None:
    x = torch.randn(3, 5, 8, 8)
    assert torch.equal(of_four(torch.maximum, x), torch.nn.functional.max_pool2d(x, 2))
    assert torch.equal(-of_four(torch.minimum, x), torch.nn.functional.max_pool2d(-x, 2))


def test_whitened_patches_are_uncorrelated_and_equally_strong() -> None:
    x = 10 * torch.randn(50, 3, 16, 16, generator=torch.Generator().manual_seed(7)).cumsum(dim=3)
    answers = torch.nn.functional.conv2d(x, whitening_filters(x)).transpose(0, 1).flatten(1)
    assert torch.allclose(answers @ answers.T / answers.shape[1], torch.eye(27), atol=0.01)


def test_patterns_that_photos_lack_are_not_blown_up() -> None:
    """No filter answers more than ten times as strongly as a pattern is, be it as weak as noise."""
    flat = torch.linspace(0, 1, 50).view(50, 1, 1, 1).expand(50, 3, 8, 8)
    assert float(whitening_filters(flat).flatten(1).norm(dim=1).max()) == pytest.approx(10, rel=1e-3)


def test_a_mirrored_photo_is_the_same_photo(classifier: Classifier, images: Images) -> None:
    mirrored = np.ascontiguousarray(images[:, :, ::-1])
    assert np.allclose(classifier.probabilities(images), classifier.probabilities(mirrored), atol=1e-6)


def test_photos_do_not_depend_on_one_another(classifier: Classifier, images: Images) -> None:
    many = np.repeat(images, 60, axis=0)  # more than go through the network at once
    one_by_one = np.concatenate([classifier.probabilities(image[np.newaxis]) for image in images])
    assert np.allclose(classifier.probabilities(many)[::60], one_by_one, atol=1e-6)


def test_the_mean_logits_are_divided_by_the_temperature(classifier: Classifier, images: Images) -> None:
    first, second = (predict_logits(network, classifier.info.normalisation, images) for network in classifier.networks)
    assert not np.allclose(first, second)
    assert np.allclose(classifier.probabilities(images), softmax((first + second) / 2 / 0.8))
    assert classifier.probabilities(images).sum(axis=1) == pytest.approx(np.ones(6))


def test_round_trip(classifier: Classifier, images: Images, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path)
    loaded = load_classifier(tmp_path)
    assert loaded.info == classifier.info
    assert np.array_equal(loaded.probabilities(images), classifier.probabilities(images))


def test_missing_parts(classifier: Classifier, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model.json"):
        load_classifier(tmp_path)
    save_classifier(classifier, tmp_path)
    (tmp_path / "weights.pt").unlink()
    with pytest.raises(ModelError, match=r"weights.pt"):
        load_classifier(tmp_path)


def test_weights_of_another_network(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path)
    for networks in ([Architecture(8, 2)] * 2, [Architecture(4, 2)], [Architecture(4, 2)] * 3):
        torch.save([Network(architecture).state_dict() for architecture in networks], tmp_path / "weights.pt")
        with pytest.raises(ModelError, match="does not hold the weights"):
            load_classifier(tmp_path)


def test_weights_cannot_run_code(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path)
    torch.save(list(classifier.networks), tmp_path / "weights.pt")  # a whole object, which only an unsafe load rebuilds
    with pytest.raises(ModelError, match=r"weights.pt"):
        load_classifier(tmp_path)


@pytest.mark.parametrize("key", ["classes", "architecture", "temperature", "model_version"])
def test_description_that_lacks_a_key(classifier: Classifier, tmp_path: Path, key: str) -> None:
    save_classifier(classifier, tmp_path)
    info = json.loads((tmp_path / "model.json").read_text())
    del info[key]
    (tmp_path / "model.json").write_text(json.dumps(info))
    with pytest.raises(ModelError, match=key):
        load_classifier(tmp_path)
