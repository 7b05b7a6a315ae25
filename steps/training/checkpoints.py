"""Checkpoints from which an interrupted training resumes, in the folder that SageMaker synchronises with S3."""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """The states of one training's networks, one file for each.

    File names contain a digest of `made_from` (data, code and hyperparameters), so a training never resumes from the
    checkpoints of a different one.
    """

    def __init__(self, folder: Path, made_from: Mapping[str, object]) -> None:
        text = json.dumps(made_from, sort_keys=True)
        self._folder = folder
        self._key = hashlib.sha256(text.encode()).hexdigest()[:16]

    def path(self, network: str) -> Path:
        """Path of the file with a network's state."""
        return self._folder / f"{self._key}-{network}.pt"

    def save(self, network: str, state: dict[str, Any]) -> None:
        """Write a state atomically: a file is complete or does not exist, and a write that fails leaves nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._unfinished(network)
        try:
            torch.save(state, unfinished)
            unfinished.replace(self.path(network))
        finally:
            unfinished.unlink(missing_ok=True)

    def load(self, network: str) -> dict[str, Any] | None:
        """The last saved state, or None if there is none or it cannot be read.

        Removes what a training has left that was killed while it wrote.
        """
        self._unfinished(network).unlink(missing_ok=True)
        path = self.path(network)
        if not path.is_file():
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
            print(
                f"{network} checkpoint {path.name} cannot be read, so the network is trained from the start: {error}",
                flush=True,
            )
            return None
        return state

    def _unfinished(self, network: str) -> Path:
        """Path of the file while it is written."""
        return self.path(network).with_suffix(".tmp")
