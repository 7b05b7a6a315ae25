"""Builds the inference workflow and creates or updates its state machine."""

from collections.abc import Iterator

from pipelines.aws import Aws
from pipelines.definitions.inference import build_workflow
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


def workflow_definition(aws: Aws, settings: Settings, names: Names) -> str:
    """The workflow in Amazon States Language. Nothing is sent to AWS."""
    definition: str = build_workflow(settings, names, aws.stepfunctions).definition.to_json(pretty=True)
    return definition


def deploy_workflow(aws: Aws, settings: Settings, names: Names) -> str:
    """Creates or updates the state machine; returns its definition, byte for byte as Step Functions has it."""
    workflow = build_workflow(settings, names, aws.stepfunctions)
    definition: str = workflow.definition.to_json(pretty=True)
    if names.state_machine_arn not in _state_machine_arns(aws):
        workflow.create()
    # Also after create(), because the SDK cannot switch tracing on.
    aws.stepfunctions.update_state_machine(
        stateMachineArn=names.state_machine_arn,
        definition=definition,
        roleArn=names.role_arn("workflow"),
        tracingConfiguration={"enabled": True},
    )
    return definition


def _state_machine_arns(aws: Aws) -> Iterator[str]:
    for page in aws.stepfunctions.get_paginator("list_state_machines").paginate():
        yield from (machine["stateMachineArn"] for machine in page["stateMachines"])
