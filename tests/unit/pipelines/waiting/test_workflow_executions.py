"""One execution of the workflow: waiting for it, and its outcome."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.data.photos import Photo
from pipelines.definitions.workflows.inference import WORKFLOW_TIMEOUT_SECONDS
from pipelines.errors import WaitTimeoutError, WorkflowFailedError
from pipelines.operations.classification import refuse_failures
from pipelines.settings.naming import Names
from pipelines.waiting.polling import Clock
from pipelines.waiting.workflow_executions import WAIT_SECONDS, Outcome, execute, history, send

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
    has_status(stepfunctions, status, error="EndpointFailed", cause="no endpoint")
    outcome = run(aws, names, manual)
    assert (outcome.status, outcome.decision, outcome.error) == (status, "failed", "EndpointFailed: no endpoint")
    assert outcome.correct is None
    with pytest.raises(WorkflowFailedError, match="1 of 1 workflow executions failed; run-000: EndpointFailed"):
        refuse_failures([outcome])


def test_of_a_functions_error_the_message_is_told(aws: Aws, stepfunctions: Stubber, names: Names, manual: Any) -> None:
    is_started(stepfunctions, names)
    cause = json.dumps({"errorMessage": "no s3:GetObject", "errorType": "PhotoForbidden", "stackTrace": ["…"]})
    has_status(stepfunctions, "FAILED", error="PhotoForbidden", cause=cause)
    assert run(aws, names, manual).error == "PhotoForbidden: no s3:GetObject"


def test_an_execution_that_never_ends(aws: Aws, stepfunctions: Stubber, names: Names, manual: Any) -> None:
    is_started(stepfunctions, names)
    for _ in range(3):
        has_status(stepfunctions, "RUNNING")
    slow = Clock(lambda: manual.time, lambda _: manual.sleep(WAIT_SECONDS / 2))
    with pytest.raises(WaitTimeoutError, match=f"run-000 still runs after {WAIT_SECONDS} s"):
        execute(aws, names, "run-000", "photos/a.png", PHOTO, slow)


def test_step_functions_ends_an_execution_before_waiting_ends() -> None:
    assert WAIT_SECONDS > WORKFLOW_TIMEOUT_SECONDS


def test_an_outcome_holds_what_the_execution_decided(
    aws: Aws, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    is_started(stepfunctions, names)
    decided = {"decision": "low_confidence", "label": "bicycle", "confidence": 0.6, "other": 0.1, "route": {"bay": 1}}
    has_status(stepfunctions, "SUCCEEDED", output=json.dumps(decided))
    assert run(aws, names, manual) == Outcome(
        name="run-000",
        arn=ARN,
        status="SUCCEEDED",
        photo="a.png",
        actual="bicycle",
        decision="low_confidence",
        label="bicycle",
        confidence=0.6,
        other=0.1,
        route={"bay": 1},
        error=None,
    )


def test_photos_are_uploaded_and_outcomes_are_in_their_order(
    session: boto3.Session, names: Names, manual: Any, tmp_path: Path
) -> None:
    aws = Aws(session)
    photos = []
    for name in ("b.png", "a.png"):
        (tmp_path / name).write_bytes(name.encode())
        photos.append(Photo(tmp_path / name, "bicycle", name))
    threads = []

    def wait(seconds: float) -> None:
        threads.append(threading.get_ident())
        manual.sleep(seconds)

    with Stubber(aws.stepfunctions) as stubber:
        for number, photo in enumerate(photos):
            arn = f"{ARN[:-1]}{number}"
            given = {"s3_bucket": names.bucket, "s3_key": f"test-photos/run/{photo.path.name}"}
            expected = {"stateMachineArn": names.state_machine_arn, "name": f"run-00{number}"}
            stubber.add_response(
                "start_execution", {"executionArn": arn, "startDate": NOW}, {**expected, "input": json.dumps(given)}
            )
            described = {"executionArn": arn, "stateMachineArn": ARN, "name": f"run-00{number}", "startDate": NOW}
            for status in ("RUNNING", "FAILED"):
                stubber.add_response("describe_execution", {**described, "status": status}, {"executionArn": arn})
        outcomes = send(aws, names, "run", photos, 1, Clock(lambda: manual.time, wait))
    assert [(each.name, each.photo, each.error) for each in outcomes] == [
        ("run-000", "b.png", None),
        ("run-001", "a.png", None),
    ]
    assert manual.time == pytest.approx(0.4)
    assert threads[0] == threads[1]  # one at a time, as asked
    body = aws.s3.get_object(Bucket=names.bucket, Key="test-photos/run/b.png")["Body"].read()
    assert body == b"b.png"


def test_the_history_of_an_execution_is_read_from_all_pages(aws: Aws, stepfunctions: Stubber) -> None:
    events = [{"timestamp": NOW, "type": "ExecutionStarted", "id": number} for number in (1, 2)]
    stepfunctions.add_response(
        "get_execution_history", {"events": events[:1], "nextToken": "more"}, {"executionArn": ARN}
    )
    asked = {"executionArn": ARN, "nextToken": "more"}
    stepfunctions.add_response("get_execution_history", {"events": events[1:]}, asked)
    assert history(aws, ARN) == events
