"""Sends photos through the inference workflow and collects the outcome of each."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pipelines.aws import Aws
from pipelines.data.photos import Photo
from pipelines.errors import WaitTimeoutError
from pipelines.histories.words import cause
from pipelines.settings.naming import TEST_PHOTOS, Names
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 0.2
# Longer than the timeout of the workflow itself (definitions/workflows/inference.py), after which an execution ends.
WAIT_SECONDS = 660
# Why a photo of which the endpoint has given its opinion goes to a person, and how summaries say it.
REVIEWED = {"low_confidence": "not sure enough", "not_a_known_vehicle": "not a known vehicle"}


@dataclass(frozen=True)
class Outcome:
    """What an execution of the workflow decided about a photo.

    `other` is the probability that it shows none of the classes; None where the model cannot tell.
    """

    name: str
    arn: str
    status: str
    photo: str
    actual: str
    decision: str
    label: str | None
    confidence: float | None
    other: float | None
    route: Mapping[str, Any] | None
    error: str | None

    @property
    def answered(self) -> bool:
        """Whether the endpoint gave probabilities, so that data capture has them."""
        return self.decision == "accepted" or self.decision in REVIEWED

    @property
    def correct(self) -> bool | None:
        """Whether an accepted photo was routed by its true class; None if it was not accepted."""
        return self.label == self.actual if self.decision == "accepted" else None


def send(
    aws: Aws, names: Names, run: str, photos: Sequence[Photo], concurrency: int, clock: Clock = CLOCK
) -> list[Outcome]:
    """Uploads the photos and runs the workflow on each, `concurrency` at a time; outcomes are in the photos' order.

    They go where no upload starts the workflow by itself, so that each has one execution, with a name of this run.
    """

    def one(numbered: tuple[int, Photo]) -> Outcome:
        number, photo = numbered
        key = f"{TEST_PHOTOS}/{run}/{photo.path.name}"
        aws.s3.upload_file(str(photo.path), names.bucket, key)
        return execute(aws, names, f"{run}-{number:03d}", key, photo, clock)

    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        return list(pool.map(one, enumerate(photos)))


def execute(aws: Aws, names: Names, name: str, key: str, photo: Photo, clock: Clock = CLOCK) -> Outcome:
    """Runs the workflow on one photo in the bucket, and waits until the execution has ended.

    Raises:
        WaitTimeoutError: the execution runs longer than its own timeout allows.
    """
    started = aws.stepfunctions.start_execution(
        stateMachineArn=names.state_machine_arn,
        name=name,
        input=json.dumps({"s3_bucket": names.bucket, "s3_key": key}),
    )

    def ended() -> dict[str, Any] | None:
        execution: dict[str, Any] = aws.stepfunctions.describe_execution(executionArn=started["executionArn"])
        return execution if execution["status"] != "RUNNING" else None

    execution = poll(ended, WAIT_SECONDS, POLL_SECONDS, clock)
    if execution is None:
        raise WaitTimeoutError(f"the workflow execution {name} still runs after {WAIT_SECONDS} s")
    return _outcome(execution, photo)


def history(aws: Aws, arn: str) -> list[dict[str, Any]]:
    """All events of an execution, oldest first."""
    pages = aws.stepfunctions.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def _outcome(execution: Mapping[str, Any], photo: Photo) -> Outcome:
    output = json.loads(execution.get("output") or "{}")
    error = ": ".join(filter(None, (execution.get("error"), cause(execution.get("cause")))))
    return Outcome(
        name=execution["name"],
        arn=execution["executionArn"],
        status=execution["status"],
        photo=photo.path.name,
        actual=photo.actual,
        decision=output.get("decision", "failed"),
        label=output.get("label"),
        confidence=output.get("confidence"),
        other=output.get("other"),
        route=output.get("route"),
        error=error or None,
    )
