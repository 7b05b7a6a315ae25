"""Turns a SageMaker pipeline definition into a graph.

Format: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx

from pipelines.pictures.graph import Edge, Graph, Node, Shape, merged

Step = Mapping[str, Any]

SHAPES: dict[str, Shape] = {"Condition": "choice", "Fail": "fail"}
KINDS = {"RegisterModel": "Register model"}


def pipeline_graph(definition: Mapping[str, Any], title: str) -> Graph:
    """All steps, including those inside conditions, and the order in which they run.

    An arrow that other arrows already imply, as for data that is used several steps later, is left out.
    """
    steps = list(all_steps(definition["Steps"]))
    names = {step["Name"] for step in steps}
    data = [(source, step["Name"]) for step in steps for source in sources(step) if source in names]
    branches = [edge for step in steps if step["Type"] == "Condition" for edge in branch_edges(step)]
    order = nx.transitive_reduction(nx.DiGraph([*data, *((edge.source, edge.target) for edge in branches)]))
    labelled = {(edge.source, edge.target) for edge in branches}
    plain = [Edge(source, target) for source, target in data if order.has_edge(source, target)]
    return Graph(
        title=title,
        nodes=tuple(Node(step["Name"], SHAPES.get(step["Type"], "task"), kind(step)) for step in steps),
        edges=merged([*branches, *(edge for edge in plain if (edge.source, edge.target) not in labelled)]),
    )


def all_steps(steps: list[Step]) -> Iterator[Step]:
    """All steps in the order of the definition; a condition comes before the steps of its branches."""
    for step in steps:
        yield step
        for branch in branches_of(step).values():
            yield from all_steps(branch)


def branches_of(step: Step) -> dict[str, list[Step]]:
    """The steps of a condition's branches, by the label of the branch; empty for other types of step."""
    if step["Type"] != "Condition":
        return {}
    arguments = step["Arguments"]
    return {"if": arguments.get("IfSteps") or [], "else": arguments.get("ElseSteps") or []}


def branch_edges(condition: Step) -> Iterator[Edge]:
    """Arrows from a condition to the first steps of its branches: those that wait for no other step of the branch."""
    for label, branch in branches_of(condition).items():
        inside = {step["Name"] for step in all_steps(branch)}
        for step in branch:
            if not inside & set(sources(step)):
                yield Edge(condition["Name"], step["Name"], label)


def sources(step: Step) -> list[str]:
    """The names of the steps that a step waits for, because it uses their properties or names them in DependsOn."""
    own = {key: value for key, value in step.items() if key != "Arguments"}
    arguments = {key: value for key, value in step["Arguments"].items() if key not in ("IfSteps", "ElseSteps")}
    used = [path.split(".")[1] for path in _references([own, arguments]) if path.startswith("Steps.")]
    return list(dict.fromkeys([*used, *step.get("DependsOn", [])]))


def kind(step: Step) -> str:
    """The second line of a step's box."""
    return KINDS.get(step["Type"], str(step["Type"]))


def _references(part: object) -> Iterator[str]:
    """All references of the form `{"Get": "Steps.Train.…"}` in a part of a definition, as their paths."""
    if isinstance(part, Mapping):
        if isinstance(part.get("Get"), str):
            yield part["Get"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
