"""What runs is stopped before anything is deleted, and has ended then."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.errors import WaitTimeoutError
from pipelines.operations.stopping import WAIT_SECONDS, stop_executions
from pipelines.settings.naming import Names
from pipelines.waiting.polling import Clock

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TRAINING = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/training/execution/abc"
IS_TRAINING = {"PipelineExecutionArn": TRAINING}
PHOTO = "arn:aws:states:eu-west-1:123456789012:execution:inference:run-000"


@pytest.fixture(autouse=True)
def stacks(aws: Aws) -> list[str]:
    """The states of the bucket's stack, one for each look at it; there is no such stack after that, and no other."""
    states: list[str] = []

    def answer(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        name = params["body"]["StackName"]
        if name.endswith("-storage") and states:
            return AWSResponse("", 200, {}, None), {"Stacks": [{"StackName": name, "StackStatus": states.pop(0)}]}
        gone = {"Code": "ValidationError", "Message": f"Stack with id {name} does not exist"}
        return AWSResponse("", 400, {}, None), {"Error": gone}

    aws.cloudformation.meta.events.register("before-call.cloudformation.DescribeStacks", answer)
    return states


def runs(sagemaker: Stubber, names: Names, *statuses: str, refusal: str | None = None) -> None:
    """The training pipeline has executions; there is no other pipeline, and no endpoint.

    With a `refusal`, which may be empty for none, an execution is expected to be stopped.
    """
    found = [{"PipelineExecutionArn": TRAINING, "PipelineExecutionStatus": status} for status in statuses]
    sagemaker.add_response(
        "list_pipeline_executions", {"PipelineExecutionSummaries": found}, {"PipelineName": names.training_pipeline}
    )
    for _ in names.pipelines[1:]:
        sagemaker.add_client_error("list_pipeline_executions", "ResourceNotFound")
    if refusal:
        sagemaker.add_client_error("stop_pipeline_execution", refusal, expected_params=IS_TRAINING)
    elif refusal is not None:
        sagemaker.add_response("stop_pipeline_execution", IS_TRAINING, IS_TRAINING)
    sagemaker.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")


def works(stepfunctions: Stubber, names: Names, *arns: str) -> None:
    """The workflow has executions; there is no state machine for batches, and none for deployments."""
    machine = names.state_machine_arn
    more = {"stateMachineArn": machine, "name": "n", "status": "RUNNING", "startDate": NOW}
    found = [{"executionArn": arn, **more} for arn in arns]
    expected = {"stateMachineArn": machine, "statusFilter": "RUNNING"}
    stepfunctions.add_response("list_executions", {"executions": found}, expected)
    for _ in range(2):
        stepfunctions.add_client_error("list_executions", "StateMachineDoesNotExist")


def test_where_nothing_runs_nothing_is_stopped(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names
) -> None:
    runs(sagemaker, names, "Succeeded", "Stopped")
    works(stepfunctions, names)
    assert stop_executions(aws, names) == []


def test_each_is_stopped_once_and_waited_for(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    runs(sagemaker, names, "Executing", "Succeeded", refusal="")
    works(stepfunctions, names, PHOTO)
    stopping = {"executionArn": PHOTO, "error": "Destroyed", "cause": "scones destroy"}
    stepfunctions.add_response("stop_execution", {"stopDate": NOW}, stopping)
    for status in ("Stopping", "Stopped"):
        runs(sagemaker, names, status)
        works(stepfunctions, names)
    assert stop_executions(aws, names, manual.clock) == [TRAINING, PHOTO]
    assert manual.time == 2


def test_one_that_ends_by_itself_meanwhile(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    runs(sagemaker, names, "Executing", refusal="ValidationException")
    works(stepfunctions, names)
    runs(sagemaker, names, "Succeeded")
    works(stepfunctions, names)
    assert stop_executions(aws, names, manual.clock) == [TRAINING]


def test_an_endpoint_that_changes_is_waited_for(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    for status in ("Updating", "RollingBack", "InService"):
        for _ in names.pipelines:
            sagemaker.add_client_error("list_pipeline_executions", "ResourceNotFound")
        described = {"EndpointName": "e", "EndpointArn": PHOTO, "EndpointStatus": status}
        times = {"CreationTime": NOW, "LastModifiedTime": NOW}
        sagemaker.add_response("describe_endpoint", described | times, {"EndpointName": names.endpoint})
        works(stepfunctions, names)
    assert stop_executions(aws, names, manual.clock) == []
    assert manual.time == 2


def test_one_that_does_not_stop(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names, manual: Any
) -> None:
    for refusal in ("ConflictException", None):
        runs(sagemaker, names, "Stopping", refusal=refusal)
        works(stepfunctions, names)
    slow = Clock(lambda: manual.time, lambda _: manual.sleep(WAIT_SECONDS))
    with pytest.raises(WaitTimeoutError, match=f"{TRAINING} has not ended after 900 s. Nothing was deleted"):
        stop_executions(aws, names, slow)


def test_a_stack_that_changes_is_waited_for(
    aws: Aws, sagemaker: Stubber, stepfunctions: Stubber, names: Names, manual: Any, stacks: list[str]
) -> None:
    stacks += ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    for _ in range(2):
        runs(sagemaker, names)
        works(stepfunctions, names)
    assert stop_executions(aws, names, manual.clock) == []
    assert stacks == []
