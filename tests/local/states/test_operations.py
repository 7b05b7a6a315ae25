"""The operations of Step Functions, with AWS's members, errors and pages."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import ROLE, client


def text(result: Any = 1, **more: Any) -> str:
    return json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": result, "End": True}}, **more})


def code_of(call: Any, **members: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**members)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def machine(states: Any, request: pytest.FixtureRequest) -> str:
    """The ARN of a machine named after the test, whose first version is published."""
    name = request.node.originalname[:80]
    answer = states.create_state_machine(name=name, definition=text(), roleArn=ROLE, publish=True)
    return str(answer["stateMachineArn"])


@pytest.fixture
def finish(states: Any, wait: Any) -> Any:
    """`finish(arn)`: the description of an execution of this machine, version or alias when it has ended."""

    def run(arn: str) -> dict[str, Any]:
        execution = states.start_execution(stateMachineArn=arn)["executionArn"]
        return dict(wait(lambda: states.describe_execution(executionArn=execution), "status", "SUCCEEDED"))

    return run


def test_the_same_request_again_is_answered_and_another_refused(states: Any, machine: str) -> None:
    name = machine.rpartition(":")[2]
    again = states.create_state_machine(name=name, definition=text(), roleArn=f"{ROLE}2")
    assert again["stateMachineArn"] == machine
    other = {"name": name, "definition": text(2), "roleArn": ROLE}
    assert code_of(states.create_state_machine, **other) == "StateMachineAlreadyExists"


def test_an_input_that_is_too_large_or_no_json_is_refused(states: Any, machine: str) -> None:
    for given in ('"' + "x" * 300_000 + '"', "{"):
        assert code_of(states.start_execution, stateMachineArn=machine, input=given) == "InvalidExecutionInput"


@pytest.mark.parametrize("definition", ["{", "{}", text(StartAt="B")])
def test_a_definition_that_cannot_run_is_refused(states: Any, machine: str, definition: str) -> None:
    created = {"name": "invalid", "definition": definition, "roleArn": ROLE}
    assert code_of(states.create_state_machine, **created) == "InvalidDefinition"
    updated = {"stateMachineArn": machine, "definition": definition}
    assert code_of(states.update_state_machine, **updated) == "InvalidDefinition"
    answer = states.validate_state_machine_definition(definition=definition)
    assert (answer["result"], answer["diagnostics"][0]["severity"]) == ("FAIL", "ERROR")


def test_a_definition_that_can_run_is_valid(states: Any) -> None:
    answer = states.validate_state_machine_definition(definition=text())
    assert (answer["result"], answer["diagnostics"]) == ("OK", [])


def test_versions_and_aliases_run_what_they_stand_for(states: Any, machine: str, finish: Any) -> None:
    states.update_state_machine(stateMachineArn=machine, definition=text(2), publish=True)
    routing = [{"stateMachineVersionArn": f"{machine}:1", "weight": 100}]
    alias = states.create_state_machine_alias(name="first", routingConfiguration=routing)["stateMachineAliasArn"]
    outputs = {arn: finish(arn)["output"] for arn in (machine, f"{machine}:1", f"{machine}:2", alias)}
    assert outputs == {machine: "2", f"{machine}:1": "1", f"{machine}:2": "2", alias: "1"}
    assert finish(alias)["stateMachineVersionArn"] == f"{machine}:1"
    listed = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert [row["stateMachineVersionArn"] for row in listed] == [f"{machine}:2", f"{machine}:1"]
    version = {"stateMachineVersionArn": f"{machine}:1"}
    assert code_of(states.delete_state_machine_version, **version) == "ConflictException"
    states.delete_state_machine_alias(stateMachineAliasArn=alias)
    states.delete_state_machine_version(**version)
    assert code_of(states.start_execution, stateMachineArn=f"{machine}:1") == "StateMachineDoesNotExist"


def test_nothing_new_is_not_published_again(states: Any, machine: str) -> None:
    again = states.publish_state_machine_version(stateMachineArn=machine)
    assert again["stateMachineVersionArn"] == f"{machine}:1"


def test_a_history_has_pages_in_either_order(states: Any, machine: str, finish: Any) -> None:
    arn = finish(machine)["executionArn"]
    pages = states.get_paginator("get_execution_history").paginate(
        executionArn=arn, reverseOrder=True, includeExecutionData=False, PaginationConfig={"PageSize": 3}
    )
    events = [event for page in pages for event in page["events"]]
    kinds = ["ExecutionSucceeded", "PassStateExited", "PassStateEntered", "ExecutionStarted"]
    assert [event["type"] for event in events] == kinds
    assert "output" not in events[0]["executionSucceededEventDetails"]


def test_an_execution_that_is_stopped_says_why(states: Any, create: Any) -> None:
    waiting = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
    arn = states.start_execution(stateMachineArn=create(waiting))["executionArn"]
    assert states.stop_execution(executionArn=arn, error="E", cause="C")["stopDate"]
    described = states.describe_execution(executionArn=arn)
    found = {key: described[key] for key in ("status", "error", "cause", "redriveStatus")}
    assert found == {"status": "ABORTED", "error": "E", "cause": "C", "redriveStatus": "REDRIVABLE"}
    last = states.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]
    assert last["executionAbortedEventDetails"] == {"error": "E", "cause": "C"}


def test_an_activity_may_be_created_again(states: Any) -> None:
    first, second = (states.create_activity(name="again")["activityArn"] for _ in range(2))
    assert first == second
    assert states.describe_activity(activityArn=first)["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("get_activity_task", {"activityArn": "arn:aws:states:eu-west-1:123456789012:activity:a"}),
        ("redrive_execution", {"executionArn": "arn:aws:states:eu-west-1:123456789012:execution:a:b"}),
    ],
)
def test_what_is_not_executed_is_refused_by_name(states: Any, operation: str, members: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="The local AWS does not execute"):
        getattr(states, operation)(**members)


@pytest.fixture
def templates(aws: Any) -> Any:
    return client(aws, "cloudformation")


def resource(definition: dict[str, Any], **more: Any) -> str:
    properties = {"StateMachineName": "of-a-template", "RoleArn": ROLE, "Definition": definition, **more}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    return json.dumps({"Resources": {"Machine": machine}})


def test_the_machine_of_a_template_has_its_substitutions(templates: Any, finish: Any, states: Any) -> None:
    body = resource(json.loads(text("${what}")), DefinitionSubstitutions={"what": "scones"})
    templates.create_stack(StackName="substituted", TemplateBody=body)
    (machine,) = [
        each["stateMachineArn"]
        for each in states.list_state_machines()["stateMachines"]
        if each["name"] == "of-a-template"
    ]
    assert finish(machine)["output"] == '"scones"'
    templates.delete_stack(StackName="substituted")


def test_a_template_with_a_definition_that_cannot_run_is_refused(templates: Any, states: Any) -> None:
    with pytest.raises(ClientError, match="Missing 'StartAt' target: B"):
        templates.create_stack(StackName="invalid", TemplateBody=resource(json.loads(text(StartAt="B"))))
    assert "of-a-template" not in [each["name"] for each in states.list_state_machines()["stateMachines"]]
