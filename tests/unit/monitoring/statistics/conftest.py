"""A profile that both files look at."""

from pathlib import Path

import pytest
from profiled import captured

from monitoring.profiles.profile import Profile


@pytest.fixture(scope="module")
def found(captures: Path) -> Profile:
    return captured(captures).profile
