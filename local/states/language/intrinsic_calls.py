"""Reads calls of intrinsic functions, such as `States.Format('{} of {}', 1.5, $.name)`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from local.protocol.json_types import Json

NAME = re.compile(r"\s*States\.(\w+)\s*\(\s*")
TEXT = re.compile(r"'((?:[^'\\]|\\['{}\\ntr])*)'")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
WORD = re.compile("|".join(WORDS))
BRACKETS = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Text:
    """A text in single quotes, as it is written: with its escapes."""

    raw: str

    @property
    def value(self) -> str:
        """The text that is meant."""
        replaced = {"n": "\n", "t": "\t", "r": "\r"}
        return re.sub(r"\\(.)", lambda escape: replaced.get(escape[1], escape[1]), self.raw)


@dataclass(frozen=True)
class Path:
    """A path into the input, the context object (`$$`) or a variable."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call: the function's name without `States.`, and the arguments."""

    name: str
    arguments: "tuple[Call | Path | Text | Json, ...]"


def read_call(text: str) -> Call:
    """Reads a whole expression. Raises ValueError if it is no call of an intrinsic function."""
    reader = _Reader(text)
    call = reader.call()
    if text[reader.position :].strip():
        reader.fail()
    return call


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def fail(self) -> NoReturn:
        raise ValueError(f"not a call of an intrinsic function, from character {self.position}: {self.text}")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return match

    def call(self) -> Call:
        name = self.take(NAME)
        if name is None:
            self.fail()
        arguments: list[Call | Path | Text | Json] = []
        while not self.take(re.compile(r"\s*\)")):
            if arguments and not self.take(re.compile(r"\s*,\s*")):
                self.fail()
            arguments.append(self.argument())
        return Call(name[1], tuple(arguments))

    def argument(self) -> Call | Path | Text | Json:
        if self.text.startswith("$", self.position):
            return self.path()
        if NAME.match(self.text, self.position):
            return self.call()
        readers: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Json]]] = [
            (TEXT, lambda match: Text(match[1])),
            (NUMBER, lambda match: float(match[0]) if match[1] or match[2] else int(match[0])),
            (WORD, lambda match: WORDS[match[0]]),
        ]
        for pattern, read in readers:
            if match := self.take(pattern):
                return read(match)
        return self.fail()

    def path(self) -> Path:
        """Reads to the comma or parenthesis that ends the argument; those within brackets or quotes do not."""
        start, closing, quote = self.position, "", ""
        while self.position < len(self.text):
            character = self.text[self.position]
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif closing and character == closing[-1]:
                closing = closing[:-1]
            elif character in BRACKETS:
                closing += BRACKETS[character]
            elif not closing and character in ",)":
                break
            self.position += 1
        return Path(self.text[start : self.position].rstrip())
