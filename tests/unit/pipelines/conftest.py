"""Settings, names, a clock to wind on, an account on moto, and an AWS whose calls are answered one by one."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.client import BaseClient
from botocore.stub import Stubber
from unit.pipelines.aws_in_memory import ACCOUNT, account_with_bucket

from pipelines.aws import Aws
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load
from pipelines.waiting.polling import Clock


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


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load("local")


@pytest.fixture(scope="session")
def names(settings: Settings) -> Names:
    return Names.of(settings, ACCOUNT)


@pytest.fixture
def wheel_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is all that pip knows."""
    for name, value in {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def session(names: Names) -> Iterator[boto3.Session]:
    """A boto3 session on moto, in an account that has the environment's bucket."""
    with account_with_bucket(names) as session:
        yield session


@pytest.fixture
def aws() -> Aws:
    """AWS whose calls the fixtures below answer; every other call fails."""
    return Aws(boto3.Session("testing", "testing", region_name="eu-west-1"))


@pytest.fixture
def cloudformation(aws: Aws) -> Iterator[Stubber]:
    yield from _answers(aws.cloudformation)


@pytest.fixture
def sagemaker(aws: Aws) -> Iterator[Stubber]:
    yield from _answers(aws.sagemaker)


@pytest.fixture
def stepfunctions(aws: Aws) -> Iterator[Stubber]:
    yield from _answers(aws.stepfunctions)


def _answers(client: BaseClient) -> Iterator[Stubber]:
    """Answers the calls of a client, in the order of the test, which must make them all."""
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
