"""Asking until there is an answer, or no time left."""

from typing import Any

import pytest

from pipelines.waiting.polling import poll


@pytest.mark.parametrize(("answer_at", "asked"), [(1, 1), (3, 3), (6, 6)])
def test_it_asks_until_there_is_an_answer(answer_at: int, asked: int, manual: Any) -> None:
    calls: list[float] = []

    def ask() -> str | None:
        calls.append(manual.time)
        return "yes" if len(calls) == answer_at else None

    assert poll(ask, 10, 2, manual.clock) == "yes"
    assert calls == [2.0 * number for number in range(asked)]


def test_it_gives_up_when_the_time_is_over(manual: Any) -> None:
    calls: list[float] = []
    assert poll(lambda: calls.append(manual.time), 5, 2, manual.clock) is None
    assert calls == [0, 2, 4, 6]


def test_it_asks_once_without_any_time(manual: Any) -> None:
    assert poll(lambda: 0, 0, 1, manual.clock) == 0  # an answer that is false is an answer
    assert manual.time == 0
