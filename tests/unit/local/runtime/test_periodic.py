"""Work of the local AWS that is done again and again."""

import logging
from collections.abc import Iterator
from threading import Semaphore

import pytest

from local.runtime.periodic import Periodic

SOON = 0.001
NEVER = 3600.0


class Work:
    """Counts how often it is done, and fails the first time."""

    def __init__(self) -> None:
        self.begun = Semaphore(0)
        self.times = 0

    def __call__(self) -> None:
        self.times += 1
        self.begun.release()
        if self.times == 1:
            raise ValueError("as bad as it gets")


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def often(work: Work) -> Iterator[Periodic]:
    found = Periodic("counting", work, SOON)
    yield found
    found.close()


def test_it_goes_on_after_a_failure_which_is_logged(
    often: Periodic, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        often.start()
        assert all(work.begun.acquire(timeout=10) for _ in range(3))
    [told] = caplog.records
    assert told.getMessage() == "counting has failed; it is tried again in 0.001 seconds"
    assert "as bad as it gets" in caplog.text


@pytest.mark.parametrize("at_once", [True, False])
def test_it_may_begin_at_once(work: Work, at_once: bool) -> None:
    rarely = Periodic("counting", work, NEVER)
    rarely.start(at_once=at_once)
    assert work.begun.acquire(timeout=10 if at_once else 0.05) is at_once
    rarely.close()
