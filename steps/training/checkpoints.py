"""Checkpoints: what an interrupted training goes on from, in the folder that SageMaker keeps in S3."""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """The states of the networks of one training, a file each.

    The files carry the digest of what the training is made from (data, code, hyperparameters), so that they are never
    taken for those of another one.
    """

    def __init__(self, folder: Path, made_from: Mapping[str, object]) -> None:
        text = json.dumps(made_from, sort_keys=True)
        self._folder = folder
        self._key = hashlib.sha256(text.encode()).hexdigest()[:16]

    def path(self, network: str) -> Path:
        """The file of a network's state."""
        return self._folder / f"{self._key}-{network}.pt"

    def save(self, network: str, state: dict[str, Any]) -> None:
        """Write a state, all of it or nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self.path(network)
        unfinished = path.with_suffix(".tmp")
        torch.save(state, unfinished)
        unfinished.replace(path)

    def load(self, network: str) -> dict[str, Any] | None:
        """The state that was saved last; none where there is none that can be read."""
        path = self.path(network)
        if not path.is_file():
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
            print(f"{network} checkpoint {path.name} cannot be read, so training starts anew: {error}", flush=True)
            return None
        return state
