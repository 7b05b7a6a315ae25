from typing import Any

import pytest

from pipelines.errors import ConfigurationError
from pipelines.pictures.graph import Edge, merged
from pipelines.pictures.states import conditions, definition_graph, detail, service


def edges(definition: dict[str, Any]) -> dict[tuple[str, str], Edge]:
    return {(edge.source, edge.target): edge for edge in definition_graph(definition).edges}


def test_every_state_is_a_box_and_the_start_leads_to_the_first(workflow: dict[str, Any]) -> None:
    graph = definition_graph(workflow)
    assert [node.name for node in graph.nodes] == ["", *workflow["States"]]
    assert ("", "SerializeImage") in edges(workflow)


def test_the_arrows_of_the_workflow(catching: dict[str, Any]) -> None:
    found = edges(catching)
    assert found["SerializeImage", "ClassifyImage"].style == "next"
    assert found["Decide", "KeepForReview"].label == "default"
    assert found["SerializeImage", "InferenceFailed"].style == "catch"
    assert found["SerializeImage", "InferenceFailed"].label == "any error"
    assert found["SerializeImage", "PhotoUnusable"].label == "PhotoNotFound +2"
    assert found["SerializeImage", "PhotoUnusable"].explanation == "PhotoNotFound, PhotoUnreadable, PhotoTooLarge"


def test_rules_are_labelled_by_what_sets_them_apart(workflow: dict[str, Any]) -> None:
    edge = edges(workflow)["Decide", "RouteBicycle"]
    assert edge.label == "label = bicycle"
    assert edge.explanation == "decision = accepted and label = bicycle"


def test_a_state_says_type_service_and_retries(workflow: dict[str, Any]) -> None:
    states = workflow["States"]
    assert detail(states["SerializeImage"]) == "Task · Lambda · up to 6 retries"
    assert detail(states["QueueForReview"]) == "Task · SQS · up to 6 retries"
    assert detail(states["RouteBicycle"]) == "Pass"


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("arn:aws:states:::lambda:invoke", "Lambda"),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "SQS"),
        ("arn:aws:states:::aws-sdk:sagemaker:describeEndpoint", "SageMaker"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:serialize", "Lambda"),
    ],
)
def test_services(resource: str, name: str) -> None:
    assert service(resource) == name


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"Variable": "$.label", "StringEquals": "bicycle"}, ["label = bicycle"]),
        ({"Variable": "$.n", "NumericGreaterThanEquals": 3}, ["n ≥ 3"]),
        ({"Variable": "$.a", "NumericLessThanPath": "$.b"}, ["a < $.b"]),
        ({"Variable": "$.ok", "BooleanEquals": True}, ["ok = true"]),
        ({"Variable": "$.x", "IsPresent": False}, ["x IsPresent false"]),
        ({"Not": {"Variable": "$.x", "StringMatches": "a*"}}, ["not x StringMatches a*"]),
        (
            {"Or": [{"Variable": "$.a", "StringEquals": "b"}, {"Variable": "$.c", "StringEquals": "d"}]},
            ["a = b or c = d"],
        ),
        ({"Condition": "{% $x > 1 %}"}, ["{% $x > 1 %}"]),
    ],
)
def test_conditions_as_text(rule: dict[str, Any], text: list[str]) -> None:
    assert conditions({**rule, "Next": "Somewhere"}) == text


def test_arrows_between_the_same_boxes_are_one() -> None:
    found = merged([Edge("a", "b", "one"), Edge("a", "b", "two"), Edge("a", "b", "x", "catch"), Edge("a", "a", "self")])
    assert [(edge.label, edge.style, edge.explanation) for edge in found] == [
        ("one +1", "next", "one; two"),
        ("x", "catch", "x"),
    ]


@pytest.mark.parametrize(
    "definition",
    [
        {"StartAt": "Missing", "States": {"A": {"Type": "Succeed"}}},
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Missing"}}},
    ],
)
def test_a_state_that_does_not_exist_is_named(definition: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="'Missing', which is no state"):
        definition_graph(definition)
