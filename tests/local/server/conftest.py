"""A local AWS of its own for a test."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.support import REGION


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A local AWS of its own, to be ended by the test."""
    argv = [sys.executable, "-m", "local", "--data", str(tmp_path / "data"), "--region", REGION]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()
