"""Where photos are sent: to the endpoint, or through the workflow. Nothing is tried again, so that failures show."""

import json
from dataclasses import dataclass
from typing import Any, Protocol, Self

from botocore.client import BaseClient
from botocore.config import Config

from pipelines.aws import Aws
from pipelines.settings.naming import TEST_PHOTOS, Names
from pipelines.traffic.photos import Sent
from pipelines.waiting.polling import CLOCK, Clock
from pipelines.waiting.workflow_executions import WAIT_SECONDS

MOST_UNDER_WAY = 256  # photos at once; above that, photos are left out instead of delayed
ONCE = Config(retries={"total_max_attempts": 1}, max_pool_connections=MOST_UNDER_WAY)
PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 10}, max_pool_connections=MOST_UNDER_WAY)
FIRST_LOOK, LAST_LOOK = 0.25, 2.0  # seconds between looks at an execution; the first is the shortest


@dataclass(frozen=True)
class Reply:
    """What came of a photo, and when, by the clock. `failure` names the kind of error; None where there is none."""

    ended: float
    outcome: str = ""
    failure: str | None = None


class Target(Protocol):
    """Sends one photo and waits for what comes of it. Raises what boto3 raises."""

    def send(self, photo: Sent, name: str) -> Reply:
        """Sends a photo under a name of its own."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """InvokeEndpoint. The outcome is the most probable class."""

    runtime: BaseClient
    names: Names
    clock: Clock = CLOCK

    @classmethod
    def of(cls, aws: Aws, names: Names, clock: Clock) -> Self:
        """The environment's endpoint."""
        return cls(aws.client("sagemaker-runtime", ONCE), names, clock)

    def send(self, photo: Sent, name: str) -> Reply:
        """Invokes the endpoint; the name is the inference id in data capture."""
        answer = self.runtime.invoke_endpoint(
            EndpointName=self.names.endpoint, Body=photo.content, ContentType=photo.content_type, InferenceId=name
        )
        found = json.load(answer["Body"])
        _, label = max(zip(found["probabilities"][0], found["labels"], strict=True))
        return Reply(self.clock.now(), str(label))


@dataclass(frozen=True)
class Workflow:
    """An execution of the inference workflow. The outcome is its decision.

    `starting` starts executions, and `looking`, which may try again, looks at them.
    """

    s3: BaseClient
    starting: BaseClient
    looking: BaseClient
    names: Names
    clock: Clock = CLOCK

    @classmethod
    def of(cls, aws: Aws, names: Names, clock: Clock) -> Self:
        """The environment's workflow."""
        once, patient = aws.client("stepfunctions", ONCE), aws.client("stepfunctions", PATIENT)
        return cls(aws.client("s3", ONCE), once, patient, names, clock)

    def send(self, photo: Sent, name: str) -> Reply:
        """Uploads a photo where no upload starts the workflow by itself, starts it, and looks until it has ended.

        When it ended is Step Functions' own time, so that looking seldom makes nothing seem slower.
        """
        key = f"{TEST_PHOTOS}/{name}"
        self.s3.put_object(Bucket=self.names.bucket, Key=key, Body=photo.content, ContentType=photo.content_type)
        arn = self.starting.start_execution(
            stateMachineArn=self.names.state_machine_arn,
            name=name,
            input=json.dumps({"s3_bucket": self.names.bucket, "s3_key": key}),
        )["executionArn"]
        begun = self.clock.now()
        execution = self._ended(arn)
        if execution is None:
            return Reply(self.clock.now(), failure="WaitTimeout")
        ended = begun + (execution["stopDate"] - execution["startDate"]).total_seconds()
        if execution["status"] != "SUCCEEDED":
            return Reply(ended, failure=execution.get("error") or execution["status"])
        return Reply(ended, str(json.loads(execution["output"])["decision"]))

    def _ended(self, arn: str) -> dict[str, Any] | None:
        """The execution once it has ended; None if it has not in the longest time that it may take."""
        interval, deadline = FIRST_LOOK, self.clock.now() + WAIT_SECONDS
        while self.clock.now() < deadline:
            self.clock.sleep(interval)
            execution: dict[str, Any] = self.looking.describe_execution(executionArn=arn)
            if execution["status"] != "RUNNING":
                return execution
            interval = min(1.5 * interval, LAST_LOOK)
        return None
