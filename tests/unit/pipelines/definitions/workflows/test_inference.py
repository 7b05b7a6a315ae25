import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint

from pipelines.aws import Aws
from pipelines.definitions.workflows.inference import TASKS, build_definition, build_workflow, state_name
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

GOLDEN = Path(__file__).parents[4] / "golden" / "inference.asl.json"


@pytest.fixture
def definition(settings: Settings, names: Names, aws: Aws) -> dict[str, Any]:
    text = build_workflow(settings, names, aws.stepfunctions).definition.to_json(pretty=True)
    return dict(json.loads(text))


def with_workflow(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update={"workflow": settings.workflow.model_copy(update=changes)})


def five_vehicles(settings: Settings) -> Settings:
    classes = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")
    routes = dict.fromkeys(classes, settings.workflow.routes["bicycle"])
    dataset = settings.dataset.model_copy(update={"classes": classes})
    return with_workflow(settings, routes=routes).model_copy(update={"dataset": dataset})


def states_of(settings: Settings, names: Names) -> dict[str, Any]:
    from stepfunctions.steps import Graph

    return dict(json.loads(Graph(build_definition(settings, names)).to_json())["States"])


def test_the_definition_is_what_was_agreed(definition: dict[str, Any], golden: Any) -> None:
    golden(GOLDEN, json.dumps(definition, indent=2) + "\n")


def mistakes(definition: dict[str, Any]) -> list[str]:
    """What cfn-lint, which carries AWS's schema of Amazon States Language, finds wrong."""
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/workflow", "Definition": definition}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Machine": resource}}
    return [match.message for match in lint(json.dumps(template), regions=["eu-west-1"])]


def test_it_is_valid_amazon_states_language(definition: dict[str, Any]) -> None:
    assert mistakes(definition) == []


def test_the_validator_sees_a_mistake(definition: dict[str, Any]) -> None:
    del definition["States"]["SerializeImage"]["Resource"]
    assert mistakes(definition) == ["'Resource' is a required property"]


def test_every_target_exists_and_every_state_is_a_target(definition: dict[str, Any]) -> None:
    targets = {definition["StartAt"]}
    for state in definition["States"].values():
        targets |= {
            each["Next"] for each in [state, *state.get("Catch", []), *state.get("Choices", [])] if "Next" in each
        }
        targets |= {state["Default"]} if "Default" in state else set()
    assert targets == set(definition["States"])


def test_every_task_has_a_timeout_and_retries_and_fails_by_itself(definition: dict[str, Any]) -> None:
    """A redriven execution tries the task that failed again; a Fail state it would enter again."""
    tasks = {name: state for name, state in definition["States"].items() if state["Type"] == "Task"}
    assert set(tasks) == {*TASKS, "KeepForReview", "QueueForReview", "AnnounceRoute"}
    for state in tasks.values():
        assert state["TimeoutSeconds"] > 0
        assert state["Retry"]
        assert all("States.ALL" not in each["ErrorEquals"] for each in state.get("Catch", []))
    assert "Fail" not in {state["Type"] for state in definition["States"].values()}


def test_low_confidence_fails_where_configured(settings: Settings, names: Names) -> None:
    states = states_of(with_workflow(settings, on_low_confidence="fail"), names)
    assert states["Decide"]["Default"] == "LowConfidence"
    unknown = {"Variable": "$.decision", "StringEquals": "not_a_known_vehicle", "Next": "NotAKnownVehicle"}
    assert states["Decide"]["Choices"][-1] == unknown
    assert states["LowConfidence"]["Type"] == "Fail"
    assert states["NotAKnownVehicle"]["Error"] == "NotAKnownVehicle"
    assert states["PhotoUnusable"]["Type"] == "Fail"
    assert not {"KeepForReview", "QueueForReview"} & set(states)


def test_both_reasons_for_a_person_end_in_the_queue(definition: dict[str, Any]) -> None:
    assert [choice["Next"] for choice in definition["States"]["Decide"]["Choices"]] == [
        "RouteBicycle",
        "RouteMotorcycle",
    ]
    states = definition["States"]
    assert states["Decide"]["Default"] == states["PhotoUnusable"]["Next"] == "KeepForReview"
    assert states["KeepForReview"]["Next"] == "QueueForReview"
    kept, sent = states["KeepForReview"]["Parameters"]["Body"], states["QueueForReview"]["Parameters"]["MessageBody"]
    assert kept == sent
    assert sent["photo.$"] == "$"  # decision and other


def test_more_classes_are_configuration(settings: Settings, names: Names) -> None:
    states = states_of(five_vehicles(settings), names)
    assert [choice["Next"] for choice in states["Decide"]["Choices"]] == [
        "RouteBicycle",
        "RouteMotorcycle",
        "RouteBus",
        "RoutePickupTruck",
        "RouteStreetcar",
    ]


def test_a_photo_that_changed_ends_without_a_person_and_without_a_failure(settings: Settings, names: Names) -> None:
    for mode in ("review", "fail"):
        states = states_of(with_workflow(settings, on_low_confidence=mode), names)
        (catch,) = [each for each in states["SerializeImage"]["Catch"] if each["ErrorEquals"] == ["PhotoChanged"]]
        assert states[catch["Next"]]["Parameters"]["decision"] == "changed"
        assert states[catch["Next"]]["End"] is True


def test_every_route_is_announced_with_bay_and_radius(settings: Settings, names: Names) -> None:
    states = states_of(five_vehicles(settings), names)
    routes = [state for name, state in states.items() if name.startswith("Route")]
    assert {state["Next"] for state in routes} == {"AnnounceRoute"}
    announce = states["AnnounceRoute"]
    assert (announce["ResultPath"], announce["End"]) == (None, True)  # the output stays the decision
    (entry,) = announce["Parameters"]["Entries"]
    assert (entry["Source"], entry["DetailType"]) == ("scones-unlimited-local", "Driver Routed")
    assert entry["Detail"]["loading_bay.$"] == "$.route.loading_bay"


def test_a_route_carries_bay_and_radius(settings: Settings, names: Names) -> None:
    route = states_of(settings, names)["RouteMotorcycle"]
    assert route["Result"] == {"loading_bay": "B", "order_radius_km": 12.0}


@pytest.mark.parametrize(("name", "state"), [("bicycle", "RouteBicycle"), ("pickup_truck", "RoutePickupTruck")])
def test_state_names(name: str, state: str) -> None:
    assert state_name(name) == state


@pytest.mark.parametrize("task", TASKS)
def test_lambda_tasks_retry_what_aws_recommends(task: str, definition: dict[str, Any], settings: Settings) -> None:
    faults, throttled, *rest = definition["States"][task]["Retry"]
    not_retried = {"ErrorEquals": ["PhotoForbidden", "PhotoKeyUnusable", "PhotoInOtherRegion"], "MaxAttempts": 0}
    assert rest == ([not_retried] if task == "SerializeImage" else [])
    assert set(faults["ErrorEquals"]) == {
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
    }
    assert set(throttled["ErrorEquals"]) == {
        "Lambda.TooManyRequestsException",
        "StorageUnavailable",
        "EndpointThrottled",
        "EndpointNotReady",
        "ModelFailed",
    }
    assert (faults["IntervalSeconds"], throttled["IntervalSeconds"]) == (2, 1)
    for retrier in (faults, throttled):
        assert retrier["MaxAttempts"] == settings.workflow.retry_attempts
        assert (retrier["BackoffRate"], retrier["MaxDelaySeconds"]) == (2.0, 30)
        assert retrier["JitterStrategy"] == "FULL"
