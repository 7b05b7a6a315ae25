"""Every `scones …` command in the documents and the configuration exists, with the options that are shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipelines.cli import cli

ROOT = Path(__file__).parents[4]
FILES = [*(ROOT / "configs").glob("*.yaml"), ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
SHOWN = re.compile(r"`scones ([a-z-][^`\n]*)`|^scones ([a-z-][^#\n]*)", re.MULTILINE)


def commands(path: Path) -> Iterator[str]:
    for in_text, on_its_own in SHOWN.findall(path.read_text(encoding="utf-8")):
        yield in_text or on_its_own


def problem(words: list[str]) -> str | None:
    """What is wrong with a command, as far as it is written out."""
    command: click.Command = cli
    options = {name: each for each in cli.params for name in each.opts} | {"--help": cli.params[0]}
    while words and words[0] != "…":
        word = words.pop(0).strip("[],")
        if word.startswith("-"):
            if word not in options:
                return f"no option {word}"
            if not getattr(options[word], "is_flag", False):
                words = words[1:]
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return f"no command {word}"
            command = found
            options |= {name: each for each in command.params for name in each.opts}
        elif not any(isinstance(each, click.Argument) for each in command.params):
            return f"no argument {word}"
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_documented_commands_exist(path: Path) -> None:
    found = {text: problem(text.split()) for text in commands(path)}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("text", "wrong"), [("config show", "no argument show"), ("fly", "no command fly"), ("run --x", "no option --x")]
)
def test_mistakes_are_seen(text: str, wrong: str | None) -> None:
    assert problem(text.split()) == wrong


def test_commands_are_found_at_all() -> None:
    assert len(list(commands(ROOT / "README.md"))) > 5
    assert list(commands(ROOT / "configs" / "base.yaml"))
