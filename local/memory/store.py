"""The folder `memory` in the data folder: a snapshot of what all services hold, and the bodies of S3's objects.

A snapshot is one file: a line of JSON that says who wrote it, then a pickle. It is written beside the one before and
takes its place in one step, so that there is always a whole one.
"""

import json
import os
import pickle
import stat
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local.memory.bodies import RESET, Bodies
from local.memory.pickling import dump, load
from local.protocol.errors import LocalAwsError
from local.runtime.folders import make_private

FORMAT = 1
FOLDER = "memory"
FILE = "snapshot"


class Store:
    """Reads and writes the memory of a data folder. Raises LocalAwsError if it cannot be trusted or read."""

    def __init__(self, data: Path, region: str) -> None:
        self._region = region
        folder = data / FOLDER
        if folder.is_dir():
            _refuse_strangers(folder)
        make_private(folder)
        self._file = folder / FILE
        self._bodies = Bodies(folder / "bodies")

    @property
    def has_snapshot(self) -> bool:
        """Whether anything is remembered."""
        return self._file.exists()

    def read(self) -> Any:  # noqa: ANN401
        """What was written last; None if nothing was. Raises LocalAwsError."""
        self._bodies.begin()
        state = None
        if self.has_snapshot:
            _refuse_strangers(self._file)
            with self._file.open("rb") as file:
                _refuse_others(self._file, file.readline(), region=self._region)
                try:
                    state = load(file.read(), self._bodies)
                except (pickle.UnpicklingError, LocalAwsError, EOFError, ImportError, AttributeError) as error:
                    raise LocalAwsError(f"{self._file} cannot be read: {error}. {RESET}") from error
            self._bodies.check()
        self._bodies.tidy()
        return state

    def freeze(self, state: Any) -> bytes:  # noqa: ANN401
        """The bytes of a state as it is now. Nothing may change it meanwhile."""
        self._bodies.begin()
        return dump(state, self._bodies)

    def write(self, frozen: bytes, holds: Mapping[str, int]) -> None:
        """Writes what `freeze` gave last; `holds` is for people. Raises DeletedError if an object was deleted since."""
        self._bodies.write()
        fresh = self._file.with_name(f"{FILE}.new")
        with fresh.open("wb") as file:
            file.write(json.dumps({**_header(self._region), "holds": holds}).encode() + b"\n")
            file.write(frozen)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
        self._bodies.tidy()


def held(data: Path) -> dict[str, int]:
    """The number of things of each kind that a data folder holds. Raises LocalAwsError."""
    path = data / FOLDER / FILE
    if not path.exists():
        return {}
    with path.open("rb") as file:
        found: dict[str, int] = _header_in(path, file.readline()).get("holds", {})
        return found


def _header(region: str) -> dict[str, Any]:
    return {"format": FORMAT, "scones": version("scones-unlimited"), "moto": version("moto"), "region": region}


def _header_in(path: Path, line: bytes) -> dict[str, Any]:
    try:
        return {"format": 0, "moto": "", "scones": "", "region": "", **json.loads(line)}
    except (ValueError, TypeError) as error:
        raise LocalAwsError(f"{path} is damaged: {error}. {RESET}") from error


def _refuse_others(path: Path, line: bytes, region: str) -> None:
    """Raises LocalAwsError for what another format, moto or region has written: it would not fit."""
    written, own = _header_in(path, line), _header(region)
    if written["format"] != own["format"] or written["moto"] != own["moto"]:
        raise LocalAwsError(
            f"{path} was written by version {written['scones']} of this project, with format {written['format']} "
            f"and moto {written['moto']}; this version reads format {FORMAT} of moto {own['moto']}. Use that version, "
            f"or another folder; or {RESET}"
        )
    if written["region"] != region:
        raise LocalAwsError(
            f"What {path} holds was made in the region {written['region']}. Choose that region, or another folder; "
            f"or {RESET}"
        )


def _refuse_strangers(path: Path) -> None:
    """Raises LocalAwsError for what another user owns or may have changed."""
    found = path.stat(follow_symlinks=False)
    if found.st_uid != os.geteuid() or stat.S_ISLNK(found.st_mode):
        raise LocalAwsError(f"{path} is not yours: it belongs to user {found.st_uid}. Choose another data folder")
    if found.st_mode & stat.S_IWOTH:
        raise LocalAwsError(
            f"All users of this machine may change {path}, so it is not read. Choose another data folder, or {RESET}"
        )
