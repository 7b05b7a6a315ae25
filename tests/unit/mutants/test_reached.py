"""Faults in what a module's fixture calls are noticed by all tests that use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mutants.reached import Reached
from mutmut.state import state

TESTS = """
import pytest
from mutmut.state import state

@pytest.fixture(scope="module")
def shared():
    state()._stats.add("shared")

@pytest.fixture
def chained(shared):
    state()._stats.add("chained")

def test_one(shared): state()._stats.add("one")
def test_two(chained): pass
def test_three(): state()._stats.add("three")
"""


@pytest.fixture
def nothing_reached() -> Iterator[None]:
    state()._stats.clear()
    yield
    state()._stats.clear()


class Record:
    """What mutmut takes at the end of each test."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        self.found[item.name] = set(state()._stats)
        state()._stats.clear()


@pytest.mark.usefixtures("nothing_reached")
def test_what_a_fixture_reaches_all_its_tests_do(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    record = Record()
    options = ["-s", f"--rootdir={tmp_path}", "-c/dev/null", "-p", "no:cacheprovider", "-p", "no:terminal"]
    assert pytest.main([*options, str(tmp_path)], plugins=[record, Reached()]) == 0
    assert record.found == {"test_one": {"shared", "one"}, "test_two": {"shared", "chained"}, "test_three": {"three"}}
