from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from pipelines.pictures.graph import Graph
from pipelines.pictures.layers import crossings, layers_of
from pipelines.pictures.layout import Layout, Place, layout_of
from pipelines.pictures.states import definition_graph
from pipelines.pictures.steps import pipeline_graph

CLASSES = ["bicycle", "motorcycle", "bus", "streetcar", "tractor"]


@pytest.fixture(params=["workflow", "five classes", "loop", "training"])
def graph(
    request: pytest.FixtureRequest,
    workflow: dict[str, Any],
    training: dict[str, Any],
    loop: dict[str, Any],
    with_routes: Callable[[list[str]], dict[str, Any]],
) -> Graph:
    graphs = {
        "workflow": lambda: definition_graph(workflow),
        "five classes": lambda: definition_graph(with_routes(CLASSES)),
        "loop": lambda: definition_graph(loop),
        "training": lambda: pipeline_graph(training, "Training"),
    }
    return graphs[request.param]()


def overlap(one: Place, other: Place) -> bool:
    sideways = abs(one.x - other.x) < (one.width + other.width) / 2
    return sideways and abs(one.y - other.y) < (one.height + other.height) / 2


def boxes(layout: Layout) -> dict[str, Place]:
    return {item.node.name: place for item, place in layout.places.items() if item.node}


def test_no_two_boxes_or_labels_overlap(graph: Graph) -> None:
    places = [place for item, place in layout_of(graph).places.items() if item.node or item.edge]
    assert len(places) >= len(graph.nodes)
    assert not [pair for pair in combinations(places, 2) if overlap(*pair)]


def test_everything_is_inside_the_picture(graph: Graph) -> None:
    layout = layout_of(graph)
    assert all(place.left >= 0 and place.left + place.width <= layout.width for place in layout.places.values())
    assert all(place.top >= 0 and place.bottom <= layout.height for place in layout.places.values())


def test_no_line_runs_through_a_box_or_a_label(graph: Graph) -> None:
    """A line passes a row of boxes only through a bend, so it is enough to check that no bend is covered."""
    layout = layout_of(graph)
    for bend, place in layout.places.items():
        if not bend.trunk:
            continue
        beside = [other for item, other in layout.places.items() if item.row == bend.row and item != bend]
        assert all(abs(other.x - place.x) > other.width / 2 for other in beside)


def test_nothing_crosses(graph: Graph) -> None:
    layers = layers_of(graph)
    assert crossings(layers.rows, layers.links) == 0


def test_arrows_lead_down_except_those_of_loops(graph: Graph, loop: dict[str, Any]) -> None:
    places = boxes(layout_of(graph))
    upward = [(edge.source, edge.target) for edge in graph.edges if places[edge.source].y >= places[edge.target].y]
    assert upward == ([("Ready?", "Wait")] if graph == definition_graph(loop) else [])


def test_the_main_line_is_straight(workflow: dict[str, Any]) -> None:
    places = boxes(layout_of(definition_graph(workflow)))
    main = [places[name].x for name in ("", "SerializeImage", "ClassifyImage", "FilterInference", "Decide")]
    assert max(main) - min(main) < 1


def test_branches_keep_the_order_of_the_definition(with_routes: Callable[[list[str]], dict[str, Any]]) -> None:
    places = boxes(layout_of(definition_graph(with_routes(CLASSES))))
    routes = [places[f"Route{name.title()}"].x for name in CLASSES]
    assert routes == sorted(routes)
