"""A process's output is handed on in lines, in order, and on request at once."""

import os
from collections.abc import Callable, Iterator
from threading import Event
from typing import IO

import pytest

from local.runtime.output import Output


@pytest.fixture
def pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", buffering=0) as sink:
        yield os.fdopen(reading, "rb"), sink


def test_lines_come_in_order_and_the_last_needs_no_end(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reading, writing = pipe
    lines: list[str] = []
    output = Output(reading, lines.append)
    for piece in (b"one\ntw", b"o\r\n\n", b"\xff\n", b"last"):
        writing.write(piece)
    writing.close()
    output.join(timeout=10)
    assert lines == ["one", "two", "", "\ufffd", "last"]
    assert reading.closed


def test_all_that_was_written_is_handed_on_before_catching_up_is_done(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reading, writing = pipe
    lines: list[str] = []
    output = Output(reading, lines.append)
    for number in range(200):
        writing.write(f"{number}\n".encode() * 20)
        output.catch_up()
        assert lines == [str(each) for each in range(number + 1) for _ in range(20)]


def test_catching_up_waits_for_lines_that_are_being_handed_on(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reading, writing = pipe
    started, go_on, lines = Event(), Event(), list[str]()
    output = Output(reading, slowly(lines.append, started, go_on))
    writing.write(b"one\ntwo\n")
    assert started.wait(10)
    go_on.set()
    output.catch_up()
    assert lines == ["one", "two"]


def slowly(on_line: Callable[[str], None], started: Event, go_on: Event) -> Callable[[str], None]:
    def wait(line: str) -> None:
        started.set()
        assert go_on.wait(10)
        on_line(line)

    return wait


def test_catching_up_after_the_end_does_nothing(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reading, writing = pipe
    writing.close()
    output = Output(reading, pytest.fail)
    output.join(timeout=10)
    output.catch_up()
