from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from unit.local.scaling.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mock_aws():
        made = World(tmp_path)
        yield made
        made.alarms.close()
        made.events.close()
