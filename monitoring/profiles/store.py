"""Profiles on disk, named by what they were made of, as canonical JSON: the same captures give the same bytes."""

import gzip
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from monitoring.errors import MonitoringError
from monitoring.profiles.profile import Counts, Profile
from monitoring.summaries.samples import Samples
from windows.profiles import COUNTS, LIST, PIXELS, PREFIX, SAMPLES

Stored = TypeVar("Stored")
BYTES = 32 * 32 * 3  # of a picture


@dataclass(frozen=True)
class Piece:
    """An hour (`2026-03-01T10Z`; empty for what has no time) of a group of files: its profile's name and extent."""

    name: str
    hour: str
    photos: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Store:
    """A folder of profiles. What is damaged in it counts as missing, and is made again.

    Profiles in `known` are read as well, and nothing is written there.
    """

    folder: Path
    known: Path | None = None

    def pieces(self, group: str) -> list[Piece] | None:
        """The pieces of the group with this digest; None if it was not read yet."""
        return self._read(f"{PREFIX}{group}{LIST}", list[Piece])

    def counts(self, piece: Piece) -> Counts | None:
        """What was counted in a piece; None if it is missing."""
        return self._read(f"{piece.name}{COUNTS}", Counts)

    def profile(self, piece: Piece) -> Profile | None:
        """The whole profile of a piece; None if it is missing."""
        counts, samples = self.counts(piece), self._read(f"{piece.name}{SAMPLES}", Samples)
        pixels = self._bytes(f"{piece.name}{PIXELS}")
        if counts is None or samples is None or pixels is None or len(pixels) != BYTES * len(samples.pictures):
            return None
        starts = range(0, len(pixels), BYTES)
        parts = {name: pixels[at : at + BYTES] for name, at in zip(sorted(samples.pictures), starts, strict=True)}
        return Profile(counts, replace(samples, pixels=parts))

    def put(self, group: str, profiles: Mapping[str, Profile]) -> list[Piece]:
        """Writes the profiles of the hours of a group. Raises MonitoringError."""
        pieces = []
        for hour, profile in sorted(profiles.items()):
            counts = profile.counts
            pieces.append(
                Piece(f"{PREFIX}{group}-{hour[:13] or 'none'}", hour, counts.photos, counts.first, counts.last)
            )
            for name, content in files(profile).items():
                self._write(f"{pieces[-1].name}{name}", content)
        self._write(f"{PREFIX}{group}{LIST}", dumped(list[Piece], pieces))  # the last one: what it names is there
        return pieces

    def take(self, folder: Path) -> None:
        """Copies the profiles in another folder. Raises MonitoringError."""
        for path in sorted(folder.glob(f"{PREFIX}*")):
            self._write(path.name, path.read_bytes())

    def _read(self, name: str, kind: type[Stored]) -> Stored | None:
        content = self._bytes(name)
        if content is None:
            return None
        try:
            found: Stored = _adapter(kind).validate_json(gzip.decompress(content))  # type: ignore[arg-type]  # types are hashable
        except (OSError, EOFError, zlib.error, ValidationError):
            return None
        return found

    def _bytes(self, name: str) -> bytes | None:
        for folder in (self.folder, self.known):
            with suppress(OSError):
                if folder is not None:
                    return (folder / name).read_bytes()
        return None

    def _write(self, name: str, content: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{token_hex(8)}"
            part.write_bytes(content)
            part.replace(self.folder / name)  # another run may write the same
        except OSError as error:
            raise MonitoringError(f"cannot keep profiles in '{self.folder}': {error.strerror}") from error


def files(profile: Profile) -> dict[str, bytes]:
    """The files of a profile, by the ends of their names; equal profiles have equal bytes.

    Pixels hardly get smaller, and are as they are.
    """
    samples = profile.samples
    return {
        COUNTS: dumped(Counts, profile.counts),
        SAMPLES: dumped(Samples, replace(samples, pixels={})),
        PIXELS: b"".join(samples.pixels[name] for name in sorted(samples.pixels)),
    }


def dumped(kind: Any, value: object) -> bytes:  # noqa: ANN401 - any type
    """A value as compressed JSON; equal values have equal bytes."""
    document = _adapter(kind).dump_python(value, mode="json")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=1, mtime=0)


@cache  # making one takes as long as reading a profile
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - any type
    return TypeAdapter(kind)
