"""Sends photos through the inference workflow and collects what became of each."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pipelines.aws import Aws
from pipelines.data.photos import Photo
from pipelines.definitions.inference import WORKFLOW_TIMEOUT, build_workflow
from pipelines.errors import WaitTimeoutError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """What an execution of the workflow made of a photo."""

    name: str
    arn: str
    status: str
    photo: str
    actual: str
    decision: str
    label: str | None
    confidence: float | None
    route: Mapping[str, Any] | None
    error: str | None

    @property
    def correct(self) -> bool | None:
        """Whether an accepted photo was routed by its true class; None where nothing was routed."""
        return self.label == self.actual if self.decision == "accepted" else None


def deploy_workflow(aws: Aws, settings: Settings, names: Names) -> str:
    """Creates the state machine or updates it; returns its definition, byte for byte what Step Functions has."""
    workflow = build_workflow(settings, names, aws.stepfunctions)
    definition: str = workflow.definition.to_json(pretty=True)
    if names.state_machine_arn not in [machine["stateMachineArn"] for machine in _state_machines(aws)]:
        workflow.create()
    aws.stepfunctions.update_state_machine(
        stateMachineArn=names.state_machine_arn,
        definition=definition,
        roleArn=names.role_arn("workflow"),
        tracingConfiguration={"enabled": True},  # the SDK's create() knows no tracing
    )
    return definition


def send(
    aws: Aws, names: Names, run: str, photos: Sequence[Photo], concurrency: int, show: Callable[[Outcome], None]
) -> list[Outcome]:
    """Uploads each photo and runs it through the workflow, so many at once; outcomes in the order of the photos."""

    def one(numbered: tuple[int, Photo]) -> Outcome:
        number, photo = numbered
        key = f"photos/{run}/{photo.path.name}"
        aws.s3.upload_file(str(photo.path), names.bucket, key)
        outcome = execute(aws, names, f"{run}-{number:03d}", key, photo)
        show(outcome)
        return outcome

    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        return list(pool.map(one, enumerate(photos)))


def execute(aws: Aws, names: Names, name: str, key: str, photo: Photo) -> Outcome:
    """Runs the workflow on one photo that is in the bucket, and waits for its end.

    Raises:
        WaitTimeoutError: the execution outlasted its own timeout.
    """
    started = aws.stepfunctions.start_execution(
        stateMachineArn=names.state_machine_arn,
        name=name,
        input=json.dumps({"s3_bucket": names.bucket, "s3_key": key}),
    )
    deadline = time.monotonic() + WORKFLOW_TIMEOUT
    while time.monotonic() < deadline:
        execution = aws.stepfunctions.describe_execution(executionArn=started["executionArn"])
        if execution["status"] != "RUNNING":
            return _outcome(execution, photo)
        time.sleep(POLL_SECONDS)
    raise WaitTimeoutError(f"the workflow execution {name} still runs after {WORKFLOW_TIMEOUT} s")


def history(aws: Aws, arn: str) -> list[dict[str, Any]]:
    """All events of an execution, oldest first."""
    pages = aws.stepfunctions.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def _outcome(execution: Mapping[str, Any], photo: Photo) -> Outcome:
    output = json.loads(execution.get("output") or "{}")
    error = ": ".join(execution[key] for key in ("error", "cause") if execution.get(key))
    return Outcome(
        name=execution["name"],
        arn=execution["executionArn"],
        status=execution["status"],
        photo=photo.path.name,
        actual=photo.actual,
        decision=output.get("decision", "failed"),
        label=output.get("label"),
        confidence=output.get("confidence"),
        route=output.get("route"),
        error=error or None,
    )


def _state_machines(aws: Aws) -> list[dict[str, Any]]:
    pages = aws.stepfunctions.get_paginator("list_state_machines").paginate()
    return [machine for page in pages for machine in page["stateMachines"]]
