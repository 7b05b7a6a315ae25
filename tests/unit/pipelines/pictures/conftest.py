"""Definitions and an execution to draw."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parents[3] / "golden"


def event(number: int, kind: str, details: str, name: str) -> dict[str, Any]:
    """An event of `GetExecutionHistory`, a second after the one before it."""
    time = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {"id": number, "previousEventId": number - 1, "type": kind, "timestamp": time, details: {"name": name}}


@pytest.fixture(scope="session")
def workflow() -> dict[str, Any]:
    """The inference workflow that ships."""
    definition: dict[str, Any] = json.loads((GOLDEN / "inference.asl.json").read_text())
    return definition


@pytest.fixture(scope="session")
def catching(workflow: dict[str, Any]) -> dict[str, Any]:
    """The inference workflow with a Fail state to which all other errors lead."""
    catch = {"ErrorEquals": ["States.ALL"], "Next": "InferenceFailed"}
    states = {
        name: {**state, "Catch": [*state.get("Catch", []), catch]} if state["Type"] == "Task" else state
        for name, state in workflow["States"].items()
    }
    return {**workflow, "States": {**states, "InferenceFailed": {"Type": "Fail"}}}


@pytest.fixture(scope="session")
def training() -> dict[str, Any]:
    """The training pipeline that ships."""
    definition: dict[str, Any] = json.loads((GOLDEN / "training.json").read_text())
    return definition


@pytest.fixture(scope="session")
def caught_error() -> list[dict[str, Any]]:
    """The history of an execution of `catching` in which ClassifyImage failed and the error was caught."""
    return [
        event(1, "TaskStateEntered", "stateEnteredEventDetails", "SerializeImage"),
        event(2, "TaskStateExited", "stateExitedEventDetails", "SerializeImage"),
        event(3, "TaskStateEntered", "stateEnteredEventDetails", "ClassifyImage"),
        event(4, "TaskFailed", "taskFailedEventDetails", ""),
        event(5, "TaskStateExited", "stateExitedEventDetails", "ClassifyImage"),
        event(6, "FailStateEntered", "stateEnteredEventDetails", "InferenceFailed"),
        event(7, "ExecutionFailed", "executionFailedEventDetails", ""),
    ]


@pytest.fixture(scope="session")
def with_routes(workflow: dict[str, Any]) -> Callable[[list[str]], dict[str, Any]]:
    """The inference workflow for other classes."""

    def make(classes: list[str]) -> dict[str, Any]:
        states = {name: state for name, state in workflow["States"].items() if not name.startswith("Route")}
        accepted = {"Variable": "$.decision", "StringEquals": "accepted"}
        rules = [
            {"And": [accepted, {"Variable": "$.label", "StringEquals": name}], "Next": f"Route{name.title()}"}
            for name in classes
        ]
        routes = {f"Route{name.title()}": {"Type": "Pass", "End": True} for name in classes}
        return {**workflow, "States": {**states, "Decide": {**states["Decide"], "Choices": rules}, **routes}}

    return make


@pytest.fixture(scope="session")
def loop() -> dict[str, Any]:
    """A state machine that waits in a loop, with every type of state that the workflow lacks."""
    again = {"Variable": "$.tries", "NumericLessThan": 3, "Next": "Wait"}
    ready = {"Variable": "$.status", "StringEquals": "InService", "Next": "Every photo"}
    return {
        "StartAt": "Wait",
        "States": {
            "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Look"},
            "Look": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sagemaker:describeEndpoint",
                "Next": "Ready?",
            },
            "Ready?": {"Type": "Choice", "Choices": [ready, again], "Default": "Not ready"},
            "Every photo": {"Type": "Map", "ItemProcessor": {"StartAt": "One", "States": {}}, "Next": "Done"},
            "Done": {"Type": "Succeed"},
            "Not ready": {"Type": "Fail"},
        },
    }
