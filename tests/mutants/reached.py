"""A plugin of pytest for mutmut's record of which tests reach which faults: what a fixture reaches, all its tests do.

A module's fixture calls code for the first of its tests alone. mutmut would only run that one for a fault there.
"""

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest
from mutmut.state import state


class Reached:
    """Notes what fixtures reach while they are made."""

    def __init__(self) -> None:
        self.by_fixture: dict[pytest.FixtureDef[Any], set[str]] = defaultdict(set)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """What is reached until the fixture is there is the fixture's."""
        before = set(state()._stats)
        state()._stats.clear()
        try:
            return (yield)
        finally:
            self.by_fixture[fixturedef] |= state()._stats
            state()._stats.update(before)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Function) -> None:
        """Add what the test's fixtures have reached, before mutmut takes what the test has."""
        for found in item._fixtureinfo.name2fixturedefs.values():
            for fixture in found:
                state()._stats.update(self.by_fixture[fixture])
