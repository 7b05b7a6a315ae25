"""Stops what an environment runs, so that nothing changes or makes anew what is about to be deleted."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.delivery.teardown import is_absent
from pipelines.errors import WaitTimeoutError
from pipelines.operations.under_way import FOR_A_PERSON, changing_stacks
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 1
WAIT_SECONDS = 900  # SageMaker gives a job two minutes to end by itself, and then takes some to clean up
CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}
LEFT_ALONE = {FOR_A_PERSON, "DELETE_IN_PROGRESS"}  # for deletions `destroy` waits itself
ENDED = {"ConflictException", "ValidationException", "ResourceNotFound", "ExecutionDoesNotExist"}


def stop_executions(aws: Aws, names: Names, clock: Clock = CLOCK) -> list[str]:
    """Stops the executions of the pipelines and state machines, and waits until they have ended; returns their ARNs.

    Also waits until endpoint and stacks are no longer changing, because AWS does not delete them before.

    Raises:
        WaitTimeoutError: something has not ended after a quarter of an hour.
    """
    stopped: list[str] = []
    busy: list[str] = []

    def nothing_runs() -> bool | None:
        running = [*pipeline_executions(aws, names), *workflow_executions(aws, names)]
        for arn in [each for each in running if each not in stopped]:
            stop(aws, arn)
            stopped.append(arn)
        busy[:] = [*running, *changing_endpoint(aws, names), *changing_stacks(aws, names, LEFT_ALONE)]
        return None if busy else True

    if poll(nothing_runs, WAIT_SECONDS, POLL_SECONDS, clock) is None:
        raise WaitTimeoutError(
            f"{busy[0]} has not ended after {WAIT_SECONDS} s. Nothing was deleted; run the command again when it has"
        )
    return stopped


def changing_endpoint(aws: Aws, names: Names) -> list[str]:
    """The endpoint, if a change of it is under way."""
    endpoint = describe_endpoint(aws, names.endpoint)
    status = endpoint["EndpointStatus"] if endpoint else "absent"
    return [f"the endpoint {names.endpoint} ({status})"] if status in CHANGING else []


def pipeline_executions(aws: Aws, names: Names) -> Iterator[str]:
    """ARNs of the pipelines' executions that have not ended."""
    paginator = aws.sagemaker.get_paginator("list_pipeline_executions")
    for pipeline in names.pipelines:
        try:
            for page in paginator.paginate(PipelineName=pipeline):
                for each in page["PipelineExecutionSummaries"]:
                    if each["PipelineExecutionStatus"] in {"Executing", "Stopping"}:
                        yield each["PipelineExecutionArn"]
        except ClientError as error:
            if not is_absent(error):
                raise


def workflow_executions(aws: Aws, names: Names) -> Iterator[str]:
    """ARNs of the state machines' executions that have not ended."""
    paginator = aws.stepfunctions.get_paginator("list_executions")
    for machine in (names.state_machine_arn, names.batch_machine_arn, names.deployment_machine_arn):
        try:
            for page in paginator.paginate(stateMachineArn=machine, statusFilter="RUNNING"):
                yield from (each["executionArn"] for each in page["executions"])
        except ClientError as error:
            if not is_absent(error):
                raise


def stop(aws: Aws, arn: str) -> None:
    """Asks an execution to stop. One that has ended in the meantime is no error."""
    try:
        if ":states:" in arn:
            aws.stepfunctions.stop_execution(executionArn=arn, error="Destroyed", cause="scones destroy")
        else:
            aws.sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ENDED:
            raise
