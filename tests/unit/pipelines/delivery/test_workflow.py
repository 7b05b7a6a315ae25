"""Deploying the inference workflow: the state machine has the definition that was built, and tracing."""

import json

import boto3
import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.delivery.workflow import deploy_workflow, workflow_definition
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture
def account(session: boto3.Session) -> Aws:
    return Aws(session)


def test_a_new_state_machine_has_the_definition_its_role_tags_and_tracing(
    account: Aws, settings: Settings, names: Names
) -> None:
    definition = deploy_workflow(account, settings, names)
    [machine] = account.stepfunctions.list_state_machines()["stateMachines"]
    assert machine["stateMachineArn"] == names.state_machine_arn
    found = account.stepfunctions.describe_state_machine(stateMachineArn=names.state_machine_arn)
    assert found["definition"] == definition == workflow_definition(account, settings, names)
    assert found["roleArn"] == names.role_arn("workflow")
    assert found["tracingConfiguration"] == {"enabled": True}
    tags = account.stepfunctions.list_tags_for_resource(resourceArn=names.state_machine_arn)["tags"]
    assert {each["key"]: each["value"] for each in tags} == {"project": "scones-unlimited", "environment": "local"}


def test_a_second_deployment_updates_it(account: Aws, settings: Settings, names: Names) -> None:
    deploy_workflow(account, settings, names)
    stricter = settings.model_copy(
        update={"workflow": settings.workflow.model_copy(update={"on_low_confidence": "fail"})}
    )
    definition = deploy_workflow(account, stricter, names)
    assert len(account.stepfunctions.list_state_machines()["stateMachines"]) == 1
    found = account.stepfunctions.describe_state_machine(stateMachineArn=names.state_machine_arn)
    assert found["definition"] == definition
    assert "LowConfidence" in json.loads(definition)["States"]


def test_a_state_machine_on_a_later_page_is_not_created_again(
    aws: Aws, stepfunctions: Stubber, settings: Settings, names: Names
) -> None:
    machine = {"type": "STANDARD", "creationDate": 0}
    others = [machine | {"stateMachineArn": f"{names.state_machine_arn}-{n}", "name": f"other-{n}"} for n in range(2)]
    own = machine | {"stateMachineArn": names.state_machine_arn, "name": names.state_machine}
    stepfunctions.add_response("list_state_machines", {"stateMachines": others, "nextToken": "more"}, {})
    stepfunctions.add_response("list_state_machines", {"stateMachines": [own]}, {"nextToken": "more"})
    expected = {"stateMachineArn": names.state_machine_arn, "definition": ANY, "roleArn": names.role_arn("workflow")}
    stepfunctions.add_response(
        "update_state_machine", {"updateDate": 0}, expected | {"tracingConfiguration": {"enabled": True}}
    )
    stepfunctions.add_response("tag_resource", {}, {"resourceArn": names.state_machine_arn, "tags": ANY})
    deploy_workflow(aws, settings, names)


def test_the_definition_alone_sends_nothing(aws: Aws, stepfunctions: Stubber, settings: Settings, names: Names) -> None:
    assert json.loads(workflow_definition(aws, settings, names))["StartAt"] == "SerializeImage"
