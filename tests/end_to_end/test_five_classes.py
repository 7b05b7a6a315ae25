"""Another number of classes is configuration alone: five kinds of vehicle from the archive to the monitoring report."""

import json
from typing import Any

import pytest
from end_to_end.support import Scones, make_scones

from pipelines.data.generate import write_archive

pytestmark = pytest.mark.slow

CLASSES = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")
CONFIGURATION = """\
dataset: {source: generated, classes: [bicycle, motorcycle, bus, pickup_truck, streetcar]}
training: {epochs: 30, fold_epochs: 20, width: 16}
registry: {approval: Approved}
quality_gate: {minimum_accuracy: 0.5, minimum_coverage: 0.0}
endpoint: {timeout_minutes: 3}
lambdas: {dependencies: runtime}
workflow:
  photos: 20
  routes:
    bus: {loading_bay: C, order_radius_km: 40}
    pickup_truck: {loading_bay: D, order_radius_km: 60}
    streetcar: {loading_bay: E, order_radius_km: 8}
"""
BAYS = {"bicycle": "A", "motorcycle": "B", "bus": "C", "pickup_truck": "D", "streetcar": "E"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Scones:
    """The main job with five classes, on drawn images."""
    folder = tmp_path_factory.mktemp("five-classes")
    archive = write_archive(folder / "cifar-100-python.tar.gz", CLASSES, train_per_class=160, test_per_class=40)
    scones = make_scones(folder)
    scones.configure("local", CONFIGURATION)
    done = scones("run", "--data", str(archive))
    assert done.returncode == 0, done.stdout + done.stderr
    return scones


def evaluation(scones: Scones) -> dict[str, Any]:
    return dict(json.loads((scones.build / "reports" / "evaluation.json").read_text()))


def test_the_model_is_measured_on_every_class(ran: Scones) -> None:
    measured = evaluation(ran)
    assert tuple(measured["classes"]) == CLASSES
    assert {name: scores["support"] for name, scores in measured["per_class"].items()} == dict.fromkeys(CLASSES, 40)
    assert all(tuple(row) == CLASSES and sum(row.values()) == 40 for row in measured["confusion_matrix"].values())
    assert measured["accuracy"] > 0.5  # one in five by chance


def test_the_workflow_routes_every_class_to_its_own_bay(ran: Scones) -> None:
    states = json.loads((ran.build / "definitions" / "inference.asl.json").read_text())["States"]
    routes = {name: state["Result"]["loading_bay"] for name, state in states.items() if name.startswith("Route")}
    assert sorted(routes.values()) == sorted(BAYS.values())
    assert len(states["Decide"]["Choices"]) == len(CLASSES)
    outcomes = ran.summary()["workflow"]
    assert [outcome["actual"] for outcome in outcomes] == list(CLASSES) * 4
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
