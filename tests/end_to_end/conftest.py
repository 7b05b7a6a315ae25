"""A build folder for one test, or one with a local AWS that stays up for a module."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from end_to_end.support import Scones, make_scones

from pipelines.data.generate import write_archive


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated archive that a network can learn from in seconds."""
    path = tmp_path_factory.mktemp("generated") / "cifar-100-python.tar.gz"
    return write_archive(path, ("bicycle", "motorcycle"), train_per_class=200, test_per_class=40)


@pytest.fixture
def scones(tmp_path: Path) -> Scones:
    return make_scones(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scones]:
    """Scones with a local AWS that stays up (`scones local up`)."""
    scones = make_scones(tmp_path_factory.mktemp("standing"))
    log = scones.build.parent / "server.log"
    with log.open("w") as output:
        command = scones.command("local", "up", "--port", "0")
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        scones.wait_for((scones.build / "local" / "server.json").exists)
        yield scones
        server.terminate()
        assert server.wait(timeout=30) == 0, log.read_text()
    assert scones.processes() == []


@pytest.fixture(scope="module")
def client(standing: Scones) -> Callable[[str], Any]:
    """Makes plain boto3 clients of the standing local AWS: `client("sqs")`."""
    url = json.loads((standing.build / "local" / "server.json").read_text())["endpoint_url"]
    session = boto3.Session("local", "local", region_name="eu-west-1")
    return lambda service: session.client(service, endpoint_url=url)
