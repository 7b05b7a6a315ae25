"""Boxes that say what happened in the states of an execution."""

from xml.etree import ElementTree as ET

from unit.pipelines.history_events import event

from pipelines.pictures import draw_execution
from pipelines.pictures.execution import LONGEST, with_history
from pipelines.pictures.graph import Graph, Node

GRAPH = Graph("title", (Node("", "start"), Node("A", "task", "Task"), Node("B", "pass", "Pass")), ())
RETRIED = [
    event(1, 0, "TaskStateEntered", name="A", input="{}"),
    event(2, 1, "TaskScheduled"),
    event(3, 2, "TaskFailed", error="Lambda.TooManyRequestsException", cause="slowly \x1b"),
    event(4, 3, "TaskScheduled"),
    event(5, 4, "TaskSucceeded"),
    event(6, 5, "TaskStateExited", name="A", output="[1]"),
]
MAP = [event(1, 0, "MapStateEntered", name="A"), event(2, 1, "MapRunStarted", mapRunArn="arn:run")]


def test_a_box_has_time_sizes_tries_and_errors() -> None:
    _, box, other = with_history(GRAPH, RETRIED, {}).nodes
    assert (box.status, box.detail) == ("succeeded", "succeeded · 5.00 s")
    assert box.more == ("2 B → 3 B · 2 tries", "Lambda.TooManyRequestsException")
    assert box.explanation == "Lambda.TooManyRequestsException: slowly ?"
    assert (other.status, other.more) == ("not entered", ())


def test_of_several_visits_the_worst_gives_the_colour() -> None:
    visits = [event(1, 0, "PassStateEntered", name="B"), event(2, 1, "PassStateExited", name="B")]
    again = [event(3, 2, "PassStateEntered", name="B"), event(4, 3, "ExecutionFailed", error="Odd")]
    box = with_history(GRAPH, [*visits, *again], {}).nodes[2]
    assert (box.status, box.detail) == ("failed", "2 visits: 1 succeeded, 1 failed · 1.00 s each, 1.00 s at most")


def test_a_distributed_map_has_its_items() -> None:
    box = with_history(GRAPH, MAP, {"A": {"total": 3, "succeeded": 2, "failed": 1}}).nodes[1]
    assert box.more == ("3 items: 2 succeeded, 1 failed",)


def test_a_long_line_is_shortened() -> None:
    long = [event(1, 0, "TaskStateEntered", name="A"), event(2, 1, "ExecutionFailed", error="E" * 100)]
    (line,) = with_history(GRAPH, long, {}).nodes[1].more
    assert line == "E" * (LONGEST - 1) + "…"


def test_the_picture_is_valid_whatever_errors_are_called() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}}}
    wild = [event(1, 0, "TaskStateEntered", name="A"), event(2, 1, "TaskFailed", error="\x00<b>", cause="\ud800")]
    picture = ET.fromstring(draw_execution(definition, wild))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["A", "… running", "?<b>"]


def test_boxes_with_more_lines_are_higher() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass"}}}
    heights = [
        float(box.get("height", "0"))
        for box in ET.fromstring(draw_execution(definition, RETRIED)).iter("{http://www.w3.org/2000/svg}rect")
        if box.get("class") == "shape"
    ]
    assert heights == [14, 78, 48]
