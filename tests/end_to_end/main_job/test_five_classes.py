"""Another number of classes is configuration alone: five kinds of vehicle from the archive to the monitoring report."""

import json
from typing import Any

import pytest
from end_to_end.support import CLASSES, MARKS, Scones

pytestmark = MARKS

BAYS = {"bicycle": "A", "motorcycle": "B", "bus": "C", "pickup_truck": "D", "streetcar": "E"}


@pytest.fixture(scope="module")
def ran(standing: Scones, first: dict[str, Any]) -> Scones:
    """The main job with five classes, on drawn images."""
    return standing


def evaluation(scones: Scones) -> dict[str, Any]:
    return dict(json.loads((scones.build / "reports" / "evaluation.json").read_text()))


def test_the_model_is_measured_on_every_class(ran: Scones) -> None:
    measured = evaluation(ran)
    assert tuple(measured["classes"]) == CLASSES
    assert {name: scores["support"] for name, scores in measured["per_class"].items()} == dict.fromkeys(CLASSES, 4)
    assert all(tuple(row) == CLASSES and sum(row.values()) == 4 for row in measured["confusion_matrix"].values())
    assert measured["accuracy"] > 0.3  # one in five by chance


def test_the_workflow_routes_every_class_to_its_own_bay(ran: Scones) -> None:
    states = json.loads((ran.build / "definitions" / "inference.asl.json").read_text())["States"]
    routes = {name: state["Result"]["loading_bay"] for name, state in states.items() if name.startswith("Route")}
    assert sorted(routes.values()) == sorted(BAYS.values())
    assert len(states["Decide"]["Choices"]) == len(CLASSES)
    outcomes = ran.summary()["workflow"]
    assert [outcome["actual"] for outcome in outcomes] == list(CLASSES) * 2
    routed = [outcome for outcome in outcomes if outcome["decision"] == "accepted"]
    assert routed
    assert all(outcome["route"]["loading_bay"] == BAYS[outcome["label"]] for outcome in routed)


def test_pages_and_pictures_name_every_class(ran: Scones) -> None:
    pages = {
        "reports/decision.html": [name.replace("_", " ") for name in CLASSES],
        "reports/monitoring.html": CLASSES,
        "pictures/workflow.svg": ["RouteBicycle", "RouteMotorcycle", "RouteBus", "RoutePickupTruck", "RouteStreetcar"],
    }
    for page, names in pages.items():
        text = (ran.build / page).read_text()
        assert [name for name in names if name not in text] == [], page


def test_what_came_from_drawn_images_is_labelled(ran: Scones) -> None:
    assert ran.summary()["synthetic"] is True
    assert "Generated data" in (ran.build / "reports" / "decision.html").read_text()
    assert "trained on generated pictures" in (ran.build / "reports" / "monitoring.html").read_text()


def test_captures_are_compared_with_the_registered_baseline(ran: Scones) -> None:
    report = (ran.build / "reports" / "monitoring.html").read_text()
    assert "training images" in report
    assert "there is no drift baseline" not in report
    assert "bicycle 20" in report  # one training image in five, and the percent sign
    assert set(json.loads((ran.build / "reports" / "constraint_violations.json").read_text())) == {"violations"}
