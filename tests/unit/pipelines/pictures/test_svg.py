import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pipelines.pictures import draw_definition, draw_execution, draw_pipeline

SVG = "{http://www.w3.org/2000/svg}"


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)


def nodes(picture: ET.Element) -> dict[str, ET.Element]:
    found = [group for group in picture.iter(f"{SVG}g") if "node" in group.get("class", "").split()]
    return {next((text.text or "" for text in group.iter(f"{SVG}text")), ""): group for group in found}


def texts(picture: ET.Element, style: str) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text") if text.get("class") == style]


def test_it_is_an_accessible_image(workflow: dict[str, Any]) -> None:
    picture = parse(draw_definition(workflow))
    assert picture.tag == f"{SVG}svg"
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == workflow["Comment"]
    assert picture.findtext(f"{SVG}title") == workflow["Comment"]
    assert "FilterInference to Decide" in (picture.findtext(f"{SVG}desc") or "")


def test_every_state_is_there_once(workflow: dict[str, Any]) -> None:
    names = texts(parse(draw_definition(workflow)), "name")
    assert Counter(names) == Counter(list(workflow["States"]))


def test_every_label_is_there(catching: dict[str, Any]) -> None:
    labels = Counter(texts(parse(draw_definition(catching)), "text"))
    assert labels["any error"] == 6
    assert labels["default"] == labels["label = bicycle"] == labels["label = motorcycle"] == 1


def test_catches_are_dashed(workflow: dict[str, Any]) -> None:
    text = draw_definition(workflow)
    assert re.search(r"\.link\.catch \{[^}]*stroke-dasharray", text)
    styles = Counter(path.get("class") for path in parse(text).iter(f"{SVG}path"))
    assert styles["link catch"] > 0 < styles["link next"]


def test_an_execution_colours_states_by_what_happened(
    catching: dict[str, Any], caught_error: list[dict[str, Any]]
) -> None:
    drawn = nodes(parse(draw_execution(catching, caught_error)))
    classes = {name: group.get("class", "").split()[-1] for name, group in drawn.items()}
    assert classes["SerializeImage"] == "succeeded"
    assert classes["ClassifyImage"] == "caught"
    assert classes["InferenceFailed"] == "failed"
    assert classes["RouteBicycle"] == "not-entered"
    detail = [text.text for text in drawn["SerializeImage"].iter(f"{SVG}text")][1]
    assert detail == "✓ succeeded · 1.00 s"


def test_a_definition_has_no_status(catching: dict[str, Any]) -> None:
    classes = {
        name for group in nodes(parse(draw_definition(catching))).values() for name in group.get("class", "").split()
    }
    assert classes == {"node", "start", "task", "choice", "pass", "fail"}


def test_names_are_never_markup(loop: dict[str, Any]) -> None:
    evil = {**loop, "Comment": "<script>", "StartAt": "a & <b>", "States": {"a & <b>": {"Type": "Succeed"}}}
    picture = parse(draw_definition(evil))
    assert texts(picture, "name") == ["a & <b>"]
    assert picture.find(f"{SVG}script") is None


def test_the_same_definition_gives_the_same_picture(workflow: dict[str, Any]) -> None:
    assert draw_definition(workflow) == draw_definition(workflow)


@pytest.mark.parametrize("title", ["SageMaker pipeline", "Training"])
def test_a_pipeline_has_its_steps_and_title(training: dict[str, Any], title: str) -> None:
    picture = parse(draw_pipeline(training, title))
    assert picture.findtext(f"{SVG}title") == title
    names = texts(picture, "name")
    assert {step["Name"] for step in training["Steps"]} <= set(names)
    assert len(names) == len(set(names))


def test_a_single_step_is_a_picture() -> None:
    picture = parse(draw_pipeline({"Steps": [{"Name": "Only", "Type": "Processing", "Arguments": {}}]}))
    assert texts(picture, "name") == ["Only"]
