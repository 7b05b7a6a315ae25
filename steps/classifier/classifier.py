"""A trained model, and how jobs and the endpoint read it from its folder: `weights.pt` and `model.json`."""

import json
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from steps.arrays import Images, Logits, Probabilities
from steps.classifier.model_info import INFO_NAME, ModelInfo, load_info
from steps.errors import ModelError
from steps.network.architecture import TURNS, Network, normalise, to_tensor
from steps.network.description import Normalisation

WEIGHTS_NAME = "weights.pt"
BATCH = 64  # images per forward pass, each in eight views; bounds memory


@dataclass(frozen=True)
class Answer:
    """Calibrated probabilities (N, classes), and (N,) of "none of the classes": together 1 for each photo.

    `other` is None for a model that has seen nothing else than its classes. It cannot tell. `turns` (N, turns) has the
    probabilities that a photo is upright, or turned to the left by 90°, 180° or 270°, whatever it shows.
    """

    probabilities: Probabilities
    other: Probabilities | None
    turns: Probabilities

    @property
    def upright(self) -> Probabilities:
        """Probabilities (N,) that the photos are not turned."""
        return self.turns[:, 0]


@dataclass(frozen=True)
class Classifier:
    """An ensemble of one or more networks, with its preprocessing and calibration."""

    networks: tuple[Network, ...]
    info: ModelInfo

    def answer(self, images: Images) -> Answer:
        """What the model says of photos uint8 (N, 32, 32, 3).

        Logits are averaged, not probabilities: the mean of calibrated probabilities is under-confident (Ranjan and
        Gneiting, 2010); the mean of logits is much less so.
        """
        judged = [judge_photos(network, self.info.normalisation, images) for network in self.networks]
        logits = np.mean(judged, axis=0) / self.info.temperature
        outcomes, classes = softmax(logits[:, 0]), len(self.info.classes)
        other = outcomes[:, classes] if self.info.architecture.other else None
        return Answer(outcomes[:, :classes], other, turns_of(logits))

    def probabilities(self, images: Images) -> Probabilities:
        """Of the classes only (N, classes)."""
        return self.answer(images).probabilities


def softmax(logits: Logits) -> Probabilities:
    """Logits (N, outcomes) → probabilities (N, outcomes)."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Probabilities = shifted / shifted.sum(axis=1, keepdims=True)
    return probabilities


def turns_of(logits: Logits) -> Probabilities:
    """Logits (N, turns, outcomes) → probabilities (N, turns) of the turns, whatever the outcome."""
    together = softmax(logits.reshape(len(logits), -1)).reshape(logits.shape)
    turns: Probabilities = together.sum(axis=2)
    return turns


def predict_logits(network: Network, normalisation: Normalisation, images: Images) -> Logits:
    """Logits (N, outcomes) of photos uint8 (N, 32, 32, 3), as they are if the photos are upright."""
    return judge_photos(network, normalisation, images)[:, 0]


def judge_photos(network: Network, normalisation: Normalisation, images: Images) -> Logits:
    """Logits (N, turns, outcomes) of photos uint8 (N, 32, 32, 3)."""
    network.eval()
    with torch.inference_mode():
        batches = [torch.empty(0, TURNS, network.outcomes)]
        for start in range(0, len(images), BATCH):
            x = normalise(to_tensor(images[start : start + BATCH]), normalisation)
            batches.append(network.judge(x))
        return torch.cat(batches).double().numpy()


def load_classifier(folder: Path) -> Classifier:
    """Read a model folder without executing anything that its pickles contain; raises ModelError."""
    info = load_info(folder)
    networks = tuple(Network(info.architecture) for _ in range(info.networks))
    path = folder / WEIGHTS_NAME
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        for network, state in zip(networks, weights, strict=True):
            network.load_state_dict(state)
            network.eval()
    except (OSError, RuntimeError, EOFError, ValueError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        raise ModelError(f"{path} does not hold the weights that {INFO_NAME} describes: {error}") from error
    return Classifier(networks, info)


def save_classifier(classifier: Classifier, folder: Path) -> None:
    """Write `weights.pt`, the networks' state dicts, and `model.json`."""
    torch.save([network.state_dict() for network in classifier.networks], folder / WEIGHTS_NAME)
    (folder / INFO_NAME).write_text(json.dumps(asdict(classifier.info), indent=2) + "\n", encoding="utf-8")
