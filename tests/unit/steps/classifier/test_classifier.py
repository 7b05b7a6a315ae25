"""A model folder is read without running anything that it holds."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from steps.classifier.classifier import Classifier, load_classifier, save_classifier
from steps.errors import ModelError


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
