"""A clock that tests wind on, and an AWS whose calls are answered one by one."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.operations.polling import Clock


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


@pytest.fixture
def aws() -> Aws:
    return Aws(boto3.Session("testing", "testing", region_name="eu-west-1"))


@pytest.fixture
def sagemaker(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.sagemaker) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def stepfunctions(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.stepfunctions) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
