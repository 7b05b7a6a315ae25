import io
from collections.abc import Callable
from typing import Any

from rich.console import Console
from unit.pipelines.review.conftest import png

from pipelines.review.terminal import picture


def test_keys_answer_until_nothing_waits(wait_for_review: Any, review: Callable[..., Any], keys: Any) -> None:
    from pipelines.review import terminal

    for execution in ("run-1", "run-2", "run-3"):
        wait_for_review(execution)
    session, pressed = review(), iter("b?umnx")
    console = Console(file=io.StringIO(), width=80)
    terminal.review(session, console, lambda: next(pressed))
    session.close()
    assert session.answered == 3
    assert (len(keys("review/answers/")), len(keys("ground-truth/"))) == (3, 2)
    said = str(console.file.getvalue())  # type: ignore[attr-defined]
    assert "[b] bicycle  [m] motorcycle  [n] none of these" in said
    assert said.rstrip().endswith("No photo waits for review now. Skipped ones come again in five minutes.")


def test_quitting_leaves_what_is_shown(wait_for_review: Any, review: Callable[..., Any], queue: Any) -> None:
    from pipelines.review import terminal

    wait_for_review("run-1", s3_key="photos/gone.png")
    session = review()
    terminal.review(session, Console(file=io.StringIO(), width=80), lambda: "q")
    session.close()
    assert (session.answered, queue.length()) == (0, 1)


def test_a_picture_has_two_pixels_in_each_block() -> None:
    lines = list(picture(png(100), 10).segments)
    assert sum(each.text == "▀" for each in lines) == 50
    assert sum(each.text == "\n" for each in lines) == 5
