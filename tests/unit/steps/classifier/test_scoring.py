"""Models are scored by the code that they bring along."""

import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steps.arrays import Images
from steps.classifier.classifier import Classifier
from steps.classifier.model_folder import write_model_folder
from steps.classifier.scoring import score
from steps.errors import ModelError

Change = Callable[[Path], object]


@pytest.fixture
def make_archive(classifier: Classifier, tmp_path: Path) -> Callable[[Change], Path]:
    """Packs an untrained model after a change to its folder."""

    def make(change: Change) -> Path:
        write_model_folder(classifier, tmp_path / "model")
        change(tmp_path / "model")
        with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
            tar.add(tmp_path / "model", ".")
        return tmp_path / "model.tar.gz"

    return make


def nothing(folder: Path) -> None:
    assert folder.is_dir()


def test_a_model_answers_as_its_classifier_does(
    make_archive: Callable[[Change], Path], classifier: Classifier, images: Images
) -> None:
    found = score(make_archive(nothing), images[:4], images[4:])
    assert (len(found.probabilities), len(found.further), found.other) == (4, 2, None)
    answers = np.concatenate([found.probabilities, found.further])
    np.testing.assert_allclose(answers, classifier.probabilities(images), atol=1e-6)
    assert found.turns is not None
    np.testing.assert_allclose(found.turns, classifier.answer(images[:4]).turns, atol=1e-6)
    assert (found.model_version, found.threshold) == ("job-1", 0.7)
    assert found.classes == ("bicycle", "motorcycle")
    assert 0 < found.latency.median_ms <= found.latency.p95_ms
    assert found.archive_bytes > 1000


def test_an_older_model_is_scored_by_its_own_code(make_archive: Callable[[Change], Path], images: Images) -> None:
    def answer_always_the_same(folder: Path) -> None:
        path = folder / "code" / "steps" / "classifier" / "classifier.py"
        override = (
            "del Classifier.answer; Classifier.probabilities = lambda self, images: np.full((len(images), 2), 0.5)"
        )
        path.write_text(f"{path.read_text()}\n\n{override}\n")

    found = score(make_archive(answer_always_the_same), images, images[:0])
    np.testing.assert_array_equal(found.probabilities, np.full((6, 2), 0.5))
    assert (found.other, found.turns) == (None, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "weights.pt").write_bytes(b"none"), "weights.pt does not hold the weights"),
        (lambda folder: (folder / "code/steps/classifier/__init__.py").unlink(), "it is no model of this project"),
        (lambda folder: (folder / "code/steps/network/architecture.py").write_text("1 +"), "SyntaxError"),
    ],
)
def test_a_model_that_cannot_be_run_says_why(
    make_archive: Callable[[Change], Path], images: Images, change: Change, words: str
) -> None:
    with pytest.raises(ModelError, match=words):
        score(make_archive(change), images, images[:0])


def as_one_module(folder: Path) -> None:
    """The layout of older archives: `code/steps/classifier.py`, `model.py` and `images.py`, no `code/photos`."""
    steps = folder / "code" / "steps"
    rooms = {
        "model": ["network/description", "network/architecture"],
        "classifier": ["classifier/model_info", "classifier/classifier"],
    }
    modules = {name: "\n".join((steps / f"{part}.py").read_text() for part in parts) for name, parts in rooms.items()}
    for name in ("classifier", "network", "../photos"):
        shutil.rmtree(steps / name)
    for name, text in modules.items():
        shortened = re.sub(
            r"steps\.classifier\.\w+", "steps.classifier", re.sub(r"steps\.network\.\w+", "steps.model", text)
        )
        (steps / f"{name}.py").write_text(shortened)
    (steps / "images.py").write_text("")


def test_an_archive_of_the_old_layout_is_scored(
    make_archive: Callable[[Change], Path], classifier: Classifier, images: Images
) -> None:
    found = score(make_archive(as_one_module), images, images[:0])
    np.testing.assert_allclose(found.probabilities, classifier.probabilities(images), atol=1e-6)
