"""Pipelines named after the test that runs them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.support import steps_of
from tests.local.support import ROLE


@pytest.fixture
def run(sagemaker: Any, wait: Any, request: pytest.FixtureRequest) -> Callable[..., dict[str, Any]]:
    """Create or update a pipeline named after the test, run it to its end; description and steps by name."""
    name = request.node.originalname.replace("_", "-")

    def execute(text: str, seconds: float = 60, **parameters: str) -> dict[str, Any]:
        request = {"PipelineName": name, "PipelineDefinition": text, "RoleArn": ROLE}
        try:
            sagemaker.create_pipeline(**request)
        except ClientError:
            sagemaker.update_pipeline(**request)
        arn = sagemaker.start_pipeline_execution(
            PipelineName=name,
            PipelineParameters=[{"Name": key, "Value": value} for key, value in parameters.items()],
        )["PipelineExecutionArn"]
        describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
        described = wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed", "Stopped", seconds=seconds)
        return {**described, "steps": {step["StepName"]: step for step in steps_of(sagemaker, arn)}}

    return execute
