"""The capture files below a folder, and their lines. What cannot be read is a problem that is named, never an error."""

import codecs
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 64 * 1024**2  # of a line: InvokeEndpoint takes at most 25 MB, which base64 makes 34 MB


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


@dataclass(frozen=True)
class Line:
    """A line of a capture file that is not blank; `number` counts from 1."""

    file: str
    number: int
    content: bytes


def find_files(folder: Path) -> tuple[list[str], list[Problem]]:
    """Names of the regular files `*.jsonl` at any depth, relative to the folder, and what else is called so.

    Links to files are followed; links to folders are not.
    """
    names: list[str] = []
    problems: list[Problem] = []

    def refused(error: OSError) -> None:
        problems.append(Problem(_name(folder, Path(error.filename)), 0, f"cannot be listed: {error.strerror}"))

    for parent, folders, files in os.walk(folder, onerror=refused):
        for entry in (*folders, *files):
            if entry.endswith(".jsonl"):
                path = Path(parent, entry)
                if reason := _unreadable(path):
                    problems.append(Problem(_name(folder, path), 0, reason))
                else:
                    names.append(_name(folder, path))
    return sorted(names), sorted(problems)


def read_lines(folder: Path, name: str) -> Iterator[Line | Problem]:
    """The lines of a file; a line that is too long, and an error while reading, are problems."""
    try:
        with (folder / name).open("rb") as file:
            number = 0
            while content := file.readline(MOST_BYTES + 1):
                number += 1
                if len(content) > MOST_BYTES:
                    yield Problem(name, number, f"the line has more than {MOST_BYTES:,} bytes")
                    while content and not content.endswith(b"\n"):
                        content = file.readline(MOST_BYTES)
                elif content.strip():
                    yield Line(name, number, content.removeprefix(codecs.BOM_UTF8))
    except OSError as error:
        yield Problem(name, 0, f"cannot be read: {error.strerror}")


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
