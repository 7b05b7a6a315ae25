"""The review in a terminal, where there is no browser."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import numpy as np
from PIL import Image
from rich.color import Color
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from pipelines.aws import explain_errors
from pipelines.errors import SconesError
from pipelines.review.keyboard import CANNOT_TELL, NONE, QUIT, SKIP, UNDO, class_keys
from pipelines.review.records import NONE_OF_THESE
from pipelines.review.session import Session, Shown

KEEP_ALIVE_SECONDS = 60
COLUMNS = 64  # of the photo at most
HALF = "▀"  # two pixels above each other: the upper one in the text's colour, the lower one in the background's


def review(session: Session, console: Console, read_key: Callable[[], str]) -> None:
    """Shows one photo after another and takes the keys that answer, until none waits or the reviewer quits."""
    keys = class_keys(session.classes)
    answers: dict[str, str | None] = {key: name for name, key in keys.items()}
    answers |= {NONE: NONE_OF_THESE, CANNOT_TELL: None}
    with _kept_alive(session):
        while shown := session.current():
            _show(console, shown)
            console.print(_help(keys, undo=session.can_undo), markup=False)
            key = read_key().lower()
            if key == QUIT:
                return
            if key in answers:
                session.answer(shown.record.execution, answers[key])
            elif key == SKIP:
                session.skip(shown.record.execution)
            elif key == UNDO:
                session.undo()
            console.print(session.note, markup=False)
    console.print("No photo waits for review now. Skipped ones come again in five minutes.")


@contextmanager
def _kept_alive(session: Session) -> Iterator[None]:
    """Keeps what the session has from others while the reviewer looks."""
    ended = Event()

    def work() -> None:
        while not ended.wait(KEEP_ALIVE_SECONDS):
            try:
                with explain_errors():
                    session.keep_alive()
            except SconesError:  # the reviewer's next key meets the same error, and says it
                continue

    Thread(target=work, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _show(console: Console, shown: Shown) -> None:
    record = shown.record
    console.rule(record.execution)
    if shown.picture.screen is None:
        console.print(f"The photo cannot be shown: {shown.picture.problem}", markup=False)
    else:
        console.print(picture(shown.picture.screen, min(COLUMNS, console.width)))
    console.print(f"{record.place}  {shown.picture.size}\n{record.why}", markup=False)
    for name, share in record.probabilities:
        console.print(f"  {name:<24}{100 * share:5.1f} %", markup=False)


def picture(png: bytes, columns: int) -> Segments:
    """A photo as coloured half blocks, at most so many columns wide and half as many lines high."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    scale = min(columns / image.width, columns / image.height)
    width, height = max(1, round(image.width * scale)), max(2, round(image.height * scale) // 2 * 2)
    rows = np.asarray(image.resize((width, height), Image.Resampling.LANCZOS)).tolist()
    segments: list[Segment] = []
    for above, below in zip(rows[::2], rows[1::2], strict=True):
        for upper, lower in zip(above, below, strict=True):
            segments.append(Segment(HALF, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))))
        segments.append(Segment.line())
    return Segments(segments)


def _help(keys: dict[str, str], *, undo: bool) -> str:
    named = {**{key: name for name, key in keys.items()}, NONE: NONE_OF_THESE, CANNOT_TELL: "cannot be told"}
    named |= {SKIP: "skip", **({UNDO: "undo"} if undo else {}), QUIT: "quit"}
    return "  ".join(f"[{key}] {name}" for key, name in named.items())
