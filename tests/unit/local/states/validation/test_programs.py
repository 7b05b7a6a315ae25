"""Problems have AWS's words where a recording or AWS's own answers show them."""

import json
from typing import Any

import pytest

from local.states.validation.programs import check_text

PASS = {"Type": "Pass", "End": True}
ECHO = {"StartAt": "Inner", "States": {"Inner": PASS}}


def problems(definition: Any, **more: Any) -> list[str]:
    return [str(problem) for problem in check_text(json.dumps(definition), **more)]


def one(**state: Any) -> dict[str, Any]:
    """A machine of one state, `A`."""
    return {"StartAt": "A", "States": {"A": {**state}}}


def task(**members: Any) -> dict[str, Any]:
    return one(Type="Task", Resource="arn:aws:lambda:eu-west-1:1:function:f", End=True, **members)


def distributed(**members: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    return one(Type="Map", ItemProcessor={"ProcessorConfig": config, **ECHO}, End=True, **members)


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        ({"StartAt": "A"}, "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /"),
        ({"StartAt": "B", "States": {"A": PASS}}, "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt"),
        (
            one(Type="Pass", Next="B"),
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
        ),
        (
            {"StartAt": "A", "States": {"A": PASS, "B": PASS}},
            'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
        ),
        (
            one(Type="Wait", Timestamp="05-12-2016T21:29:29Z", End=True),
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/A/Timestamp",
        ),
        (
            task(Credentials={"Role": "r"}),
            "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/A/Credentials",
        ),
        (
            one(**PASS, Parameters={"v.$": r"States.StringToJson('{\"a\"}')"}),
            "SCHEMA_VALIDATION_FAILED: The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic "
            "function call at /States/A/Parameters",
        ),
    ],
)
def test_a_problem_is_said_as_aws_says_it(definition: dict[str, Any], problem: str) -> None:
    assert problem in problems(definition)


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        ({}, "/"),
        ({"StartAt": "A", "States": {}}, "/States"),
        ({"StartAt": "A", "States": {"A": []}}, "/States/A"),
        ({**one(**PASS), "TimeoutSeconds": 0}, "/TimeoutSeconds"),
        ({"StartAt": "A" * 81, "States": {"A" * 81: PASS}}, f"/States/{'A' * 81}"),
        (one(Type="Nap", End=True), "/States/A/Type"),
        (one(End=True), "/States/A"),
        (one(Type="Pass"), "/States/A"),
        (one(**PASS, Next="A"), "/States/A"),
        (one(Type="Succeed", End=True), "/States/A/End"),
        (one(Type="Choice", Choices=[]), "/States/A/Choices"),
        (one(Type="Choice", Choices=[{"Variable": "$.x", "IsNull": True}]), "/States/A/Choices[0]"),
        (one(Type="Wait", End=True), "/States/A"),
        (one(Type="Wait", Seconds=1, SecondsPath="$.s", End=True), "/States/A"),
        (one(Type="Wait", Seconds=-1, End=True), "/States/A/Seconds"),
        (one(Type="Task", End=True), "/States/A"),
        (task(TimeoutSeconds=5, HeartbeatSeconds=5), "/States/A/HeartbeatSeconds"),
        (task(TimeoutSeconds=5, TimeoutSecondsPath="$.t"), "/States/A"),
        (task(TimeoutSeconds=1.5), "/States/A/TimeoutSeconds"),
        (task(Retry=[{"ErrorEquals": []}]), "/States/A/Retry[0]"),
        (task(Retry=[{"ErrorEquals": ["E"], "IntervalSeconds": 0}]), "/States/A/Retry[0]/IntervalSeconds"),
        (task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]), "/States/A/Retry[0]/BackoffRate"),
        (task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}]), "/States/A/Retry[0]/JitterStrategy"),
        (task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]), "/States/A/Retry[0]/ErrorEquals"),
        (task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]), "/States/A/Retry[0]/ErrorEquals"),
        (task(Catch=[{"ErrorEquals": ["E"]}]), "/States/A/Catch[0]"),
        (one(Type="Task", Resource="arn:aws:states:::aws-sdk:s3:getObjects", End=True), "/States/A/Resource"),
        (one(Type="Task", Resource="arn:aws:states:::aws-sdk:s4:getObject", End=True), "/States/A/Resource"),
        (one(Type="Parallel", Branches=[], End=True), "/States/A/Branches"),
        (one(Type="Parallel", Branches=[{"StartAt": "X"}], End=True), "/States/A/Branches[0]"),
        (one(Type="Map", End=True), "/States/A"),
        (one(Type="Map", ItemProcessor=ECHO, ItemBatcher={"MaxItemsPerBatch": 1}, End=True), "/States/A/ItemBatcher"),
        (distributed(Label="a b"), "/States/A/Label"),
        (distributed(Label="a" * 41), "/States/A/Label"),
        (distributed(ToleratedFailurePercentage=101), "/States/A/ToleratedFailurePercentage"),
        (distributed(ItemBatcher={}), "/States/A/ItemBatcher"),
        (distributed(ItemBatcher={"MaxItemsPerBatch": 0}), "/States/A/ItemBatcher/MaxItemsPerBatch"),
        (distributed(ItemReader={"Resource": "arn:aws:states:::s3:getObject"}), "/States/A/ItemReader/ReaderConfig"),
        (distributed(ResultWriter={}), "/States/A/ResultWriter"),
        (one(Type="Map", ItemProcessor={"StartAt": "A", "States": {"A": PASS}}, End=True), "/States/A"),
        ({"QueryLanguage": "JSONata", **one(**PASS, QueryLanguage="JSONPath")}, "/States/A"),
    ],
)
def test_what_cannot_run_is_found(definition: dict[str, Any], place: str) -> None:
    (problem, *_) = problems(definition)
    assert problem.endswith(f" at {place}")


@pytest.mark.parametrize(
    "definition",
    [
        one(**PASS),
        one(Type="Wait", Seconds="{% 1 %}", End=True, QueryLanguage="JSONata"),
        task(
            TimeoutSeconds=5,
            HeartbeatSeconds=4,
            Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 0, "BackoffRate": 1.0}, {"ErrorEquals": ["States.ALL"]}],
        ),
        one(Type="Task", Resource="arn:aws:states:::aws-sdk:cloudwatchlogs:createLogGroup", End=True),
        distributed(
            Label="photos-1",
            ToleratedFailurePercentage=12.5,
            ItemBatcher={"MaxItemsPerBatch": 10, "BatchInput": {"x.$": "$.x"}},
            ItemReader={"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},
        ),
        {
            "StartAt": "A",
            "States": {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "B"}], "Default": "C"},
                "B": {"Type": "Succeed"},
                "C": {"Type": "Fail"},
            },
        },
    ],
)
def test_what_can_run_has_no_problem(definition: dict[str, Any]) -> None:
    assert problems(definition) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"'])
def test_a_text_that_is_no_object_is_unreadable(text: str) -> None:
    assert [problem.code for problem in check_text(text)] == ["INVALID_JSON_DESCRIPTION"]


def test_an_express_workflow_waits_for_nobody() -> None:
    waiting = one(Type="Task", Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken", End=True)
    assert problems(waiting) == []
    message = "Express state machine does not support '.waitForTaskToken' service integration "
    assert problems(waiting, express=True) == [f"SCHEMA_VALIDATION_FAILED: {message} at /States/A/Resource"]


def test_state_names_are_unique_in_the_whole_machine() -> None:
    machine = one(Type="Parallel", Branches=[ECHO, ECHO], End=True)
    assert problems(machine) == ["DUPLICATE_STATE_NAME: Duplicate State name: Inner at /States/Inner"]
