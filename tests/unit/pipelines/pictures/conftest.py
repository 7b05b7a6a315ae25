"""Definitions to draw."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parents[3] / "golden"


@pytest.fixture(scope="session")
def workflow() -> dict[str, Any]:
    """The inference workflow that ships."""
    definition: dict[str, Any] = json.loads((GOLDEN / "inference.asl.json").read_text())
    return definition


@pytest.fixture(scope="session")
def training() -> dict[str, Any]:
    """The training pipeline that ships."""
    definition: dict[str, Any] = json.loads((GOLDEN / "training.json").read_text())
    return definition


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
