"""Draws state machines, their executions and pipelines as SVG.

May import only the histories and the errors of `pipelines`. Operations and the command line import it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


def draw_definition(definition: Mapping[str, Any]) -> str:
    """Draws an Amazon States Language definition as SVG."""
    from pipelines.pictures.states import definition_graph
    from pipelines.pictures.svg import svg

    return svg(definition_graph(definition))


def draw_execution(
    definition: Mapping[str, Any],
    history_events: Iterable[Mapping[str, Any]],
    items: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> str:
    """Draws a definition and what happened to each state in an execution, given all events of `GetExecutionHistory`.

    `items` has, for each state that is a distributed map, the counts of its items from `DescribeMapRun`.
    """
    from pipelines.pictures.execution import with_history
    from pipelines.pictures.states import definition_graph
    from pipelines.pictures.svg import svg

    return svg(with_history(definition_graph(definition), history_events, items))


def draw_pipeline(definition: Mapping[str, Any], title: str = "SageMaker pipeline") -> str:
    """Draws a SageMaker pipeline definition as SVG."""
    from pipelines.pictures.steps import pipeline_graph
    from pipelines.pictures.svg import svg

    return svg(pipeline_graph(definition, title))
