"""The capture files below a folder, and their lines. What cannot be read is a problem that is named, never an error."""

import codecs
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

MOST_BYTES = 64 * 1024**2  # of a line: InvokeEndpoint takes at most 25 MB, which base64 makes 34 MB
BUFFER_BYTES = 64 * 1024  # some twenty lines with small photos; Python's own buffer holds two


@dataclass(frozen=True, order=True)
class Problem:
    """A line, or an image in a line, that could not be read. Line 0 stands for the whole file or folder."""

    file: str
    line: int
    reason: str

    @property
    def place(self) -> str:
        """The file, and the line if it is about one."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Line(NamedTuple):
    """A line of a capture file; `number` counts from 1, `place` is the byte at which it begins."""

    file: str
    number: int
    content: bytes
    place: int = 0


@dataclass(frozen=True)
class Part:
    """The lines of a file that begin at `start` or later and before `stop`, in bytes."""

    file: str
    start: int = 0
    stop: int = sys.maxsize


def find_files(folder: Path, wanted: Callable[[str], bool] = lambda _: True) -> tuple[list[str], list[Problem]]:
    """Names of the regular files `*.jsonl` at any depth, relative to the folder, and what else is called so.

    Links to files are followed; links to folders are not. Folders that are not wanted, by their relative names, are
    not listed.
    """
    names: list[str] = []
    problems: list[Problem] = []

    def refused(error: OSError) -> None:
        problems.append(Problem(_name(folder, Path(error.filename)), 0, f"cannot be listed: {error.strerror}"))

    for parent, folders, files in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if wanted(_name(folder, Path(parent, name)))]
        for entry in (*folders, *files):
            if entry.endswith(".jsonl"):
                path = Path(parent, entry)
                if reason := _unreadable(path):
                    problems.append(Problem(_name(folder, path), 0, reason))
                else:
                    names.append(_name(folder, path))
    return sorted(names), sorted(problems)


def parts_of(folder: Path, name: str, size: int) -> Iterator[Part]:
    """A file in parts of `size` bytes, to the end of a line."""
    try:
        total = (folder / name).stat().st_size
    except OSError:  # reading says what is wrong
        total = 0
    yield from (Part(name, start, start + size) for start in range(0, max(total, 1), size))


def read_lines(folder: Path, part: Part) -> Iterator[Line | Problem]:
    """The lines of a part of a file, numbered from 1, blank ones without content.

    A line that is too long, and an error while reading, are problems.
    """
    try:
        with (folder / part.file).open("rb", buffering=BUFFER_BYTES) as file:
            place = _first_line(file, part.start)
            number = 0
            while place < part.stop and (content := file.readline(MOST_BYTES + 1)):
                number += 1
                if len(content) > MOST_BYTES:
                    yield Problem(part.file, number, f"the line has more than {MOST_BYTES:,} bytes")
                    _skip_line(file, content)
                    place = file.tell()
                    continue
                yield Line(part.file, number, content.removeprefix(codecs.BOM_UTF8).strip(), place)
                place += len(content)
    except OSError as error:
        yield Problem(part.file, 0, f"cannot be read: {error.strerror}")


def _first_line(file: BinaryIO, start: int) -> int:
    """Goes to the first line that begins at `start` or later; returns where that is."""
    if start:
        file.seek(start - 1)
        _skip_line(file, file.readline(MOST_BYTES))
    return file.tell()


def _skip_line(file: BinaryIO, content: bytes) -> None:
    """Goes to the end of a line of which `content` was read."""
    while content and not content.endswith(b"\n"):
        content = file.readline(MOST_BYTES)


def _unreadable(path: Path) -> str | None:
    """Why a path is no file to read, without opening it: a pipe would wait for a writer."""
    try:
        mode = path.stat().st_mode
        str(path).encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    except OSError as error:
        kind = "a link to nowhere" if path.is_symlink() else "cannot be read"
        return f"{kind}: {error.strerror}"
    if stat.S_ISREG(mode):
        return None
    kinds = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return f"a {kinds.get(stat.S_IFMT(mode), 'device')}, not a file"


def _name(folder: Path, path: Path) -> str:
    """A path relative to the folder, with slashes on every system; bytes that are not UTF-8 are escaped."""
    return path.relative_to(folder).as_posix().encode(errors="backslashreplace").decode()
