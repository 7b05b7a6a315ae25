"""A clock that tests wind on."""

import pytest

from pipelines.operations.polling import Clock


class ManualClock:
    """Time that only passes by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0
        self.clock = Clock(lambda: self.time, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def manual() -> ManualClock:
    return ManualClock()
