"""A server that has a file, and a download of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.pipelines.data.download.downloads import CONTENT, Download
from unit.pipelines.data.download.mirror import Mirror, serving


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Download]:
    with serving(Mirror(CONTENT)) as mirror:
        yield Download(mirror, tmp_path / "official" / "2009" / "archive.tar.gz")
