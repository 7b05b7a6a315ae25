"""Before the report is made: the deployment has published the drift baseline, or it is told that it has not."""

import io
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber
from rich.console import Console

from pipelines.aws import Aws
from pipelines.console.progress import Progress
from pipelines.operations.monitoring import DEPLOYMENT_WAIT_SECONDS, wait_for_baseline
from pipelines.operations.workplace import Workplace
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

EXECUTION = {
    "executionArn": "arn:aws:states:eu-west-1:123456789012:execution:deploy:1",
    "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:deploy",
    "name": "1",
    "status": "RUNNING",
    "startDate": 0,
}


@pytest.fixture
def work(settings: Settings, names: Names, aws: Aws, tmp_path: Path, manual: Any) -> Workplace:
    return Workplace(settings, names, aws, tmp_path, Progress(Console(file=io.StringIO())), manual.clock)


def looks(stubber: Stubber, names: Names, running: int) -> None:
    asked = {"stateMachineArn": names.deployment_machine_arn, "statusFilter": "RUNNING", "maxResults": 1}
    stubber.add_response("list_executions", {"executions": [EXECUTION] * running}, asked)


def test_a_deployment_that_is_running_is_waited_for(work: Workplace, names: Names, stepfunctions: Stubber) -> None:
    began = work.clock.now()
    for running in (1, 1, 0):
        looks(stepfunctions, names, running)
    assert wait_for_baseline(work) is True
    assert work.clock.now() - began == 2
    stepfunctions.assert_no_pending_responses()


def test_a_deployment_that_does_not_end_is_told(work: Workplace, names: Names, stepfunctions: Stubber) -> None:
    longest = DEPLOYMENT_WAIT_SECONDS + 2 * work.settings.endpoint.check_seconds
    for _ in range(longest + 1):
        looks(stepfunctions, names, 1)
    assert wait_for_baseline(work) is False
    stepfunctions.assert_no_pending_responses()
