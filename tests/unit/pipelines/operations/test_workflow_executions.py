"""One execution of the workflow: waiting for it, and its outcome."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.data.photos import Photo
from pipelines.definitions.inference import WORKFLOW_TIMEOUT_SECONDS
from pipelines.errors import WaitTimeoutError, WorkflowFailedError
from pipelines.operations.classification import refuse_failures
from pipelines.operations.polling import Clock
from pipelines.operations.workflow_executions import WAIT_SECONDS, Outcome, execute
from pipelines.settings.naming import Names

ARN = "arn:aws:states:eu-west-1:123456789012:execution:inference:run-000"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PHOTO = Photo(Path("a.png"), "bicycle", "a")


def is_started(stubber: Stubber, names: Names) -> None:
    given = {"s3_bucket": names.bucket, "s3_key": "photos/a.png"}
    expected = {"stateMachineArn": names.state_machine_arn, "name": "run-000", "input": json.dumps(given)}
    stubber.add_response("start_execution", {"executionArn": ARN, "startDate": NOW}, expected)


def has_status(stubber: Stubber, status: str, **more: str) -> None:
    described = {"executionArn": ARN, "stateMachineArn": ARN, "name": "run-000", "status": status, "startDate": NOW}
    stubber.add_response("describe_execution", {**described, **more}, {"executionArn": ARN})


def run(aws: Aws, names: Names, manual: Any) -> Outcome:
    return execute(aws, names, "run-000", "photos/a.png", PHOTO, manual.clock)


def test_it_waits_for_the_decision(aws: Aws, stepfunctions: Stubber, names: Names, manual: Any) -> None:
    is_started(stepfunctions, names)
    has_status(stepfunctions, "RUNNING")
    decided = {"decision": "accepted", "label": "motorcycle", "confidence": 0.97, "route": {"loading_bay": "B"}}
    has_status(stepfunctions, "SUCCEEDED", output=json.dumps(decided))
    outcome = run(aws, names, manual)
    assert (outcome.decision, outcome.label, outcome.route) == ("accepted", "motorcycle", {"loading_bay": "B"})
    assert outcome.correct is False
    assert outcome.error is None
    assert manual.time == pytest.approx(0.2)
    refuse_failures([outcome])


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_that_failed(status: str, aws: Aws, stepfunctions: Stubber, names: Names, manual: Any) -> None:
    is_started(stepfunctions, names)
    has_status(stepfunctions, status, error="InferenceFailed", cause="no endpoint")
    outcome = run(aws, names, manual)
    assert (outcome.status, outcome.decision, outcome.error) == (status, "failed", "InferenceFailed: no endpoint")
    assert outcome.correct is None
    with pytest.raises(WorkflowFailedError, match="1 of 1 workflow executions failed; run-000: InferenceFailed"):
        refuse_failures([outcome])


def test_an_execution_that_never_ends(aws: Aws, stepfunctions: Stubber, names: Names, manual: Any) -> None:
    is_started(stepfunctions, names)
    for _ in range(3):
        has_status(stepfunctions, "RUNNING")
    slow = Clock(lambda: manual.time, lambda _: manual.sleep(WAIT_SECONDS / 2))
    with pytest.raises(WaitTimeoutError, match=f"run-000 still runs after {WAIT_SECONDS} s"):
        execute(aws, names, "run-000", "photos/a.png", PHOTO, slow)


def test_step_functions_ends_an_execution_before_waiting_ends() -> None:
    assert WAIT_SECONDS > WORKFLOW_TIMEOUT_SECONDS
