"""A plugin of pytest for mutmut's runs: a fault dies by the fastest test that notices it, before slower ones run."""

import pytest
from mutmut.state import state


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort tests by the seconds that they took without a fault, which mutmut keeps."""
    seconds = state().duration_by_test
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
