"""A model folder is read without running anything that it holds."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from steps.arrays import Images
from steps.classifier.classifier import Classifier, load_classifier, save_classifier, turns_of
from steps.classifier.model_info import ModelInfo
from steps.errors import ModelError
from steps.inference import predict_fn
from steps.network.architecture import Network
from steps.network.description import Architecture


def test_a_model_that_has_seen_other_things_says_how_likely_it_is_one(model_info: ModelInfo, images: Images) -> None:
    knows = replace(model_info, architecture=Architecture(4, 2, other=True))
    classifier = Classifier(tuple(Network(knows.architecture) for _ in range(2)), knows)
    answer = classifier.answer(images)
    assert answer.other is not None
    assert (answer.probabilities.shape, answer.other.shape) == ((6, 2), (6,))
    assert answer.probabilities.sum(axis=1) + answer.other == pytest.approx(np.ones(6))
    assert (answer.other > 0).all()
    assert predict_fn(images, classifier)["other"] == answer.other.tolist()


def test_a_model_that_has_seen_nothing_else_cannot_tell(classifier: Classifier, images: Images) -> None:
    answer = classifier.answer(images)
    assert answer.other is None
    assert answer.probabilities.sum(axis=1) == pytest.approx(np.ones(6))
    assert predict_fn(images, classifier)["other"] is None


def test_how_a_photo_is_turned_is_said_whatever_it_shows(classifier: Classifier, images: Images) -> None:
    """A turned photo has the same probabilities at other places; mirrored ones are as upright as they were."""
    answer = classifier.answer(images)
    assert answer.turns.shape == (6, 4)
    assert answer.turns.sum(axis=1) == pytest.approx(np.ones(6))
    assert predict_fn(images, classifier)["upright"] == answer.upright.tolist() == answer.turns[:, 0].tolist()
    turned = classifier.answer(np.ascontiguousarray(np.rot90(images, axes=(1, 2))))
    assert np.allclose(turned.turns, np.roll(answer.turns, 1, axis=1), atol=1e-6)
    mirrored = classifier.answer(np.ascontiguousarray(images[:, :, ::-1]))
    assert np.allclose(mirrored.upright, answer.upright, atol=1e-6)


def test_turns_are_likely_in_proportion_to_all_their_outcomes() -> None:
    logits = np.log(np.array([[[1, 2], [3, 4], [0.5, 0.5], [4, 5]]]))
    assert turns_of(logits) == pytest.approx(np.array([[3, 7, 1, 9]]) / 20)


def test_a_description_from_before_others_could_be_learnt_is_read(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path)
    description = json.loads((tmp_path / "model.json").read_text())
    del description["architecture"]["other"]
    (tmp_path / "model.json").write_text(json.dumps(description))
    assert load_classifier(tmp_path).info == classifier.info


class Hostile:
    """Unpickles by creating a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.path,)


def test_code_in_the_weights_does_not_run(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path)
    torch.save([Hostile(tmp_path / "ran")], tmp_path / "weights.pt")
    with pytest.raises(ModelError, match="does not hold the weights"):
        load_classifier(tmp_path)
    assert not (tmp_path / "ran").exists()
