"""What `make mutants` has found out, kept under `build/mutants` for as long as nothing changes that it is about.

A file is called by the digest of all that its result depends on: the module, its tests with their helpers, and how they
are run. An interrupted run therefore goes on where it was, and a new one judges only what has changed.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from mutants.planting import Mutant
from mutants.rooms import Change


@dataclass(frozen=True)
class Kept:
    """Results of earlier runs in a folder."""

    folder: Path

    def mutants(self, digest: str) -> list[Mutant] | None:
        """The faults of a module that was judged to the end; None where it was not."""
        try:
            found = json.loads(self._result(digest).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return [Mutant(**{**each, "change": Change(**each["change"])}) for each in found]

    def keep(self, digest: str, mutants: list[Mutant]) -> None:
        """Keep what was found out about a module, and drop the record of the way there."""
        part = self.folder / f"{digest}.part"
        part.write_text(json.dumps([asdict(mutant) for mutant in mutants]), encoding="utf-8")
        part.replace(self._result(digest))
        self.record(digest).unlink(missing_ok=True)

    @property
    def noticed(self) -> Path:
        """Where it is noted which tests have noticed faults; it says in which order to run them, and nothing more."""
        return self.folder / "noticed"

    def record(self, digest: str) -> Path:
        """Where mutmut writes after each fault how far it is with a module."""
        return self.folder / f"{digest}.meta"

    def _result(self, digest: str) -> Path:
        return self.folder / f"{digest}.json"


@contextmanager
def kept_in(folder: Path) -> Iterator[Kept]:
    """The results in a folder, for one run at a time: another one waits."""
    (folder / "noticed").mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("waiting for another `make mutants` to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield Kept(folder)


def digest(project: Path, modules: Iterable[str], tests: Iterable[str], settings: object) -> str:
    """What a result depends on, as a name: contents of modules, tests and their helpers, and the settings."""
    found = hashlib.sha256(json.dumps(settings).encode())
    for name in [*modules, *sorted(_files(project, tests))]:
        found.update(f"\0{name}\0".encode() + (project / name).read_bytes())
    return found.hexdigest()[:32]


def _files(project: Path, tests: Iterable[str]) -> set[str]:
    """The files of tests, and all others beside and above them that are no tests themselves."""
    found: set[Path] = set()
    for test in tests:
        path = project / test.partition("::")[0]
        found.update(path.rglob("*.py") if path.is_dir() else [path])
        above = [folder for folder in path.parents if folder != project and folder.is_relative_to(project)]
        found.update(file for folder in above for file in folder.glob("*.py") if not file.name.startswith("test_"))
    return {os.fspath(file.relative_to(project)) for file in found}
