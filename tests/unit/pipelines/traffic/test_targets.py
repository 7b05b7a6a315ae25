"""What becomes of a photo at the endpoint and in the workflow. botocore checks requests and answers."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.settings.naming import Names
from pipelines.traffic.photos import Sent
from pipelines.traffic.targets import Endpoint, Reply, Workflow
from pipelines.waiting.polling import Clock
from pipelines.waiting.workflow_executions import WAIT_SECONDS

START = datetime(2026, 3, 1, tzinfo=UTC)
ARN = "arn:aws:states:eu-west-1:123456789012:execution:scones-unlimited-local-inference:run-1"
PHOTO = Sent(b"photo", "image/jpeg")


def test_the_endpoints_outcome_is_the_most_probable_class(aws: Aws, names: Names, manual: Any) -> None:
    answer = json.dumps({"labels": ["bicycle", "motorcycle"], "probabilities": [[0.1, 0.9]]}).encode()
    manual.time = 7.0
    with Stubber(aws.sagemaker_runtime) as stubber:
        stubber.add_response(
            "invoke_endpoint",
            {"Body": StreamingBody(io.BytesIO(answer), len(answer))},
            {"EndpointName": names.endpoint, "Body": b"photo", "ContentType": "image/jpeg", "InferenceId": "run-1"},
        )
        assert Endpoint(aws.sagemaker_runtime, names, manual.clock).send(PHOTO, "run-1") == Reply(7.0, "motorcycle")


@pytest.fixture
def workflow(aws: Aws, names: Names, manual: Any, session: boto3.Session) -> Workflow:
    return Workflow(session.client("s3"), aws.stepfunctions, aws.stepfunctions, names, manual.clock)


def starts(stepfunctions: Stubber, names: Names) -> None:
    given = json.dumps({"s3_bucket": names.bucket, "s3_key": "test-photos/run-1"})
    expected = {"stateMachineArn": names.state_machine_arn, "name": "run-1", "input": given}
    stepfunctions.add_response("start_execution", {"executionArn": ARN, "startDate": START}, expected)


def is_seen(stepfunctions: Stubber, status: str, **more: Any) -> None:
    described = {"executionArn": ARN, "stateMachineArn": ARN, "name": "run-1", "status": status, "startDate": START}
    stepfunctions.add_response("describe_execution", {**described, **more}, {"executionArn": ANY})


def test_the_workflows_outcome_is_its_decision_at_its_own_time(
    workflow: Workflow, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    starts(stepfunctions, names)
    is_seen(stepfunctions, "RUNNING")
    ended = START + timedelta(seconds=0.3)
    is_seen(stepfunctions, "SUCCEEDED", stopDate=ended, output=json.dumps({"decision": "accepted"}))
    reply = workflow.send(PHOTO, "run-1")
    assert (reply.outcome, reply.ended) == ("accepted", pytest.approx(0.3))  # though it was seen later
    assert manual.time > 0.5
    stored = workflow.s3.get_object(Bucket=names.bucket, Key="test-photos/run-1")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"photo", "image/jpeg")


@pytest.mark.parametrize(("more", "failure"), [({"error": "EndpointFailed"}, "EndpointFailed"), ({}, "TIMED_OUT")])
def test_an_execution_that_failed_is_an_error(
    more: dict[str, str], failure: str, workflow: Workflow, stepfunctions: Stubber, names: Names
) -> None:
    starts(stepfunctions, names)
    is_seen(stepfunctions, "TIMED_OUT", stopDate=START, **more)
    assert workflow.send(PHOTO, "run-1").failure == failure


def test_an_execution_without_end_is_given_up(
    workflow: Workflow, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    starts(stepfunctions, names)
    is_seen(stepfunctions, "RUNNING")
    slow = replace(workflow, clock=Clock(manual.clock.now, lambda _: manual.sleep(WAIT_SECONDS)))
    assert slow.send(PHOTO, "run-1").failure == "WaitTimeout"


def test_a_start_that_is_refused_is_raised(workflow: Workflow, stepfunctions: Stubber) -> None:
    stepfunctions.add_client_error("start_execution", "ThrottlingException")
    with pytest.raises(ClientError, match="ThrottlingException"):
        workflow.send(PHOTO, "run-1")
