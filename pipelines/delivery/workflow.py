"""Builds the two workflows, for one photo and for many, and creates or updates their state machines."""

from collections.abc import Iterator
from typing import Any

from pipelines.aws import Aws
from pipelines.definitions.workflows.batch import build_batch_workflow
from pipelines.definitions.workflows.inference import build_workflow
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names, tags_of


def workflow_definition(aws: Aws, settings: Settings, names: Names) -> str:
    """The workflow in Amazon States Language. Nothing is sent to AWS."""
    return _definition(build_workflow(settings, names, aws.stepfunctions))


def batch_definition(aws: Aws, settings: Settings, names: Names) -> str:
    """The batch workflow in Amazon States Language. Nothing is sent to AWS."""
    return _definition(build_batch_workflow(settings, names, aws.stepfunctions))


def deploy_workflow(aws: Aws, settings: Settings, names: Names) -> str:
    """Creates or updates the state machine; returns its definition, byte for byte as Step Functions has it."""
    workflow = build_workflow(settings, names, aws.stepfunctions)
    return _deploy(aws, settings, workflow, names.state_machine_arn, names.role_arn("workflow"))


def deploy_batch_workflow(aws: Aws, settings: Settings, names: Names) -> str:
    """The same with the state machine for many photos."""
    workflow = build_batch_workflow(settings, names, aws.stepfunctions)
    return _deploy(aws, settings, workflow, names.batch_machine_arn, names.role_arn("batch"))


def _definition(workflow: Any) -> str:  # noqa: ANN401 - the SDK's workflow
    definition: str = workflow.definition.to_json(pretty=True)
    return definition


def _deploy(aws: Aws, settings: Settings, workflow: Any, arn: str, role: str) -> str:  # noqa: ANN401 - the SDK's workflow
    definition = _definition(workflow)
    if arn not in _state_machine_arns(aws):
        workflow.create()
    # Also after create(), because the SDK cannot switch tracing on, and does not tag.
    aws.stepfunctions.update_state_machine(
        stateMachineArn=arn, definition=definition, roleArn=role, tracingConfiguration={"enabled": True}
    )
    tags = [{"key": key, "value": value} for key, value in tags_of(settings).items()]
    aws.stepfunctions.tag_resource(resourceArn=arn, tags=tags)
    return definition


def _state_machine_arns(aws: Aws) -> Iterator[str]:
    for page in aws.stepfunctions.get_paginator("list_state_machines").paginate():
        yield from (machine["stateMachineArn"] for machine in page["stateMachines"])
