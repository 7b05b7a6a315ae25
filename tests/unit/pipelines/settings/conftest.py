"""A folder of settings to change."""

import shutil
from pathlib import Path

import pytest

from pipelines.settings.reading import CONFIGS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder that ships."""
    return Path(shutil.copytree(CONFIGS, tmp_path / "configs"))
