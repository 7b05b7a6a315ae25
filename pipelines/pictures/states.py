"""Turns an Amazon States Language definition into a graph. Specification: https://states-language.net/spec.html."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.errors import ConfigurationError
from pipelines.pictures.graph import Edge, Graph, Node, Shape, merged

Definition = Mapping[str, Any]

START = ""  # the name of the dot at the start; a state's name is never empty
SHAPES: dict[str, Shape] = {
    "Task": "task",
    "Choice": "choice",
    "Pass": "pass",
    "Fail": "fail",
    "Succeed": "succeed",
    "Map": "many",
    "Parallel": "many",
}
COMPARISONS = {"Equals": "=", "LessThan": "<", "LessThanEquals": "≤", "GreaterThan": ">", "GreaterThanEquals": "≥"}


def definition_graph(definition: Definition) -> Graph:
    """The top-level states and the arrows between them.

    Raises:
        ConfigurationError: A transition names a state that does not exist.
    """
    states: Mapping[str, Definition] = definition["States"]
    nodes = [Node(name, SHAPES.get(state["Type"], "pass"), detail(state)) for name, state in states.items()]
    edges = [edge for name, state in states.items() for edge in edges_of(name, state)]
    arrows = merged([Edge(START, definition["StartAt"]), *edges])
    for arrow in arrows:
        if arrow.target not in states:
            raise ConfigurationError(f"'{arrow.source or 'StartAt'}' leads to '{arrow.target}', which is no state")
    return Graph(definition.get("Comment", "State machine"), (Node(START, "start"), *nodes), arrows)


def detail(state: Definition) -> str:
    """The second line of a state's box: its type, service and retries."""
    parts = [state["Type"]]
    if state["Type"] == "Task":
        parts.append(service(state["Resource"]))
    retries = max((retry.get("MaxAttempts", 3) for retry in state.get("Retry", [])), default=0)
    if retries:
        parts.append(f"up to {retries} {'retry' if retries == 1 else 'retries'}")
    return " · ".join(parts)


def service(resource: str) -> str:
    """The service that a task calls: `arn:aws:states:::sqs:sendMessage` is `SQS`, the ARN of a function is `Lambda`."""
    parts = re.sub(r"^arn:[^:]+:states:::(aws-sdk:)?", "", resource).split(":")
    name = parts[2] if parts[0] == "arn" else parts[0]
    return {"lambda": "Lambda", "sagemaker": "SageMaker", "events": "EventBridge"}.get(name, name.upper())


def edges_of(name: str, state: Definition) -> Iterator[Edge]:
    """The arrows that leave a state."""
    if "Next" in state:
        yield Edge(name, state["Next"])
    yield from _choices(name, state)
    if "Default" in state:
        yield Edge(name, state["Default"], "default")
    for catch in state.get("Catch", []):
        errors = ["any error" if error == "States.ALL" else error for error in catch["ErrorEquals"]]
        label = errors[0] if len(errors) == 1 else f"{errors[0]} +{len(errors) - 1}"
        yield Edge(name, catch["Next"], label, "catch", ", ".join(errors))


def _choices(name: str, state: Definition) -> Iterator[Edge]:
    """One arrow for each rule. Its label leaves out the conditions that all rules have in common."""
    rules = [(rule["Next"], conditions(rule)) for rule in state.get("Choices", [])]
    shared = set.intersection(*(set(found) for _, found in rules)) if len(rules) > 1 else set()
    for target, found in rules:
        own = [condition for condition in found if condition not in shared] or found
        yield Edge(name, target, " and ".join(own), explanation=" and ".join(found))


def conditions(rule: Definition) -> list[str]:
    """The conditions that must all hold for a rule to apply, as texts such as `label = bicycle`."""
    if "And" in rule:
        return [text for part in rule["And"] for text in conditions(part)]
    if "Or" in rule:
        return [" or ".join(" and ".join(conditions(part)) for part in rule["Or"])]
    if "Not" in rule:
        return [f"not {' and '.join(conditions(rule['Not']))}"]
    if "Condition" in rule:
        return [str(rule["Condition"])]
    variable = str(rule["Variable"]).removeprefix("$.")
    operator, value = next((key, value) for key, value in rule.items() if key not in ("Variable", "Next", "Comment"))
    return [_comparison(variable, operator.removesuffix("Path"), value)]


def _comparison(variable: str, operator: str, value: object) -> str:
    """Formats a comparison: `label = bicycle` for StringEquals. Operators without a sign keep their names."""
    for kind in ("String", "Numeric", "Boolean", "Timestamp"):
        sign = COMPARISONS.get(operator.removeprefix(kind))
        if operator.startswith(kind) and sign:
            return f"{variable} {sign} {str(value).lower() if isinstance(value, bool) else value}"
    return f"{variable} {operator} {str(value).lower() if isinstance(value, bool) else value}"
