"""The only module that imports the AWS Step Functions Data Science SDK (`stepfunctions` 2.3.0, its last release, 2022).

Two of its modules, `stepfunctions.steps.sagemaker` and `stepfunctions.template`, import version 2 of the SageMaker SDK,
while this project uses version 3. Nothing here needs these modules, so empty ones replace them during the import.
The import also sets the root logger to ERROR and changes how PyYAML writes strings; both are restored afterwards.
`RetryWithJitter`, `InvokeFunction`, `SendMessage` and `DistributedMap` add parts of Amazon States Language that are
newer than the SDK.
"""

import logging
import sys
import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import yaml

_UNUSED = {
    "stepfunctions.steps.sagemaker": (
        "TrainingStep TransformStep ModelStep EndpointConfigStep EndpointStep TuningStep ProcessingStep"
    ),
    "stepfunctions.template": "",
}


def _import_sdk() -> None:
    level, representers = logging.getLogger().level, dict(yaml.SafeDumper.yaml_representers)
    for name, classes in _UNUSED.items():
        stand_in = ModuleType(name)
        stand_in.__path__ = []
        vars(stand_in).update({each: type(each, (), {}) for each in classes.split()})
        sys.modules.setdefault(name, stand_in)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        import stepfunctions  # noqa: F401

    logging.getLogger().setLevel(level)
    yaml.SafeDumper.yaml_representers = representers


_import_sdk()

from stepfunctions.steps import (  # noqa: E402 - only after the stand-ins
    Catch,
    Chain,
    Choice,
    ChoiceRule,
    Fail,
    Map,
    Pass,
    Retry,
    Task,
)
from stepfunctions.steps.states import State  # noqa: E402
from stepfunctions.workflow import Workflow  # noqa: E402

__all__ = [
    "Catch",
    "Chain",
    "Choice",
    "ChoiceRule",
    "DistributedMap",
    "Fail",
    "InvokeFunction",
    "Pass",
    "PutEvents",
    "PutObject",
    "Retry",
    "RetryWithJitter",
    "SendMessage",
    "State",
    "Workflow",
]


class RetryWithJitter(Retry):  # type: ignore[misc]
    """A retrier with random delays, so that many executions do not retry at the same moment."""

    def __init__(self, max_delay_seconds: int, **known: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**known)
        self.max_delay_seconds = max_delay_seconds

    def to_dict(self) -> dict[str, Any]:
        """The retrier in Amazon States Language."""
        return {**super().to_dict(), "MaxDelaySeconds": self.max_delay_seconds, "JitterStrategy": "FULL"}


class InvokeFunction(Task):  # type: ignore[misc]
    """A task that calls a Lambda function.

    The SDK's LambdaStep takes the partition from the machine's default region, for which it makes three sessions.
    """

    def __init__(self, state_id: str, partition: str = "aws", **known: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(state_id, **known, resource=f"arn:{partition}:states:::lambda:invoke")


class SendMessage(Task):  # type: ignore[misc]
    """A task that sends a message to an SQS queue."""

    def __init__(self, state_id: str, partition: str = "aws", **known: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(state_id, resource=f"arn:{partition}:states:::sqs:sendMessage", **known)


class PutEvents(Task):  # type: ignore[misc]
    """A task that sends events to EventBridge. It fails if one of them is refused; a detail may be an object."""

    def __init__(self, state_id: str, partition: str = "aws", **known: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(state_id, resource=f"arn:{partition}:states:::events:putEvents", **known)


class PutObject(Task):  # type: ignore[misc]
    """A task that writes an object to S3; a body that is an object becomes its JSON text."""

    def __init__(self, state_id: str, partition: str = "aws", **known: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(state_id, resource=f"arn:{partition}:states:::aws-sdk:s3:putObject", **known)


class DistributedMap(Map):  # type: ignore[misc]
    """A map that reads its items from S3, and whose iterations are executions of their own.

    `members` are those that the SDK does not know, as Amazon States Language writes them: ItemReader, ItemBatcher,
    ResultWriter and ToleratedFailurePercentage.
    """

    def __init__(self, state_id: str, execution_type: str, members: Mapping[str, Any], **known: Any) -> None:  # noqa: ANN401
        super().__init__(state_id, **known)
        self.execution_type = execution_type
        self.members = members

    def to_dict(self) -> dict[str, Any]:
        """The state in Amazon States Language, which now calls the iterator ItemProcessor."""
        known = super().to_dict()
        config = {"Mode": "DISTRIBUTED", "ExecutionType": self.execution_type}
        processor = {"ProcessorConfig": config, **known.pop("Iterator")}
        return {**known, **self.members, "ItemProcessor": processor}
