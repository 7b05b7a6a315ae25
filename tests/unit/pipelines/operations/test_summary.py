import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.operations.summary import Summary, describe_outcomes, lines, write
from pipelines.waiting.workflow_executions import Outcome

ROUTED = Outcome(
    name="run-000",
    arn="arn",
    status="SUCCEEDED",
    photo="a.png",
    actual="bicycle",
    decision="accepted",
    label="bicycle",
    confidence=0.99,
    other=0.002,
    route={"loading_bay": "A"},
    error=None,
)
WRONG = replace(ROUTED, label="motorcycle")
UNSURE = replace(ROUTED, decision="low_confidence", route=None)


@pytest.fixture
def summary() -> Summary:
    return Summary(
        environment="local",
        synthetic=True,
        accuracy=0.95,
        coverage=0.8,
        accuracy_of_accepted=0.99,
        threshold=0.91,
        robust_accuracy=0.88,
        others_decided=0.03,
        model_package="arn:…/1",
        model_package_status="Approved",
        endpoint="vehicles",
        pipeline_execution="arn:…",
        reused_steps=[],
        workflow=[ROUTED, WRONG, UNSURE],
        captured=3,
        verdict="do_not_trust",
        causes=["pictures are turned: 3 of 3 photos", "no answers"],
        seconds={"training": 12.0},
        paths={"summary": "build/summary.json"},
    )


def test_outcomes_in_a_few_words() -> None:
    assert describe_outcomes([ROUTED, WRONG, UNSURE]) == "3 photos: 2 routed (1 right), 1 not sure enough"


def test_reasons_for_a_person_are_counted_apart() -> None:
    unknown = replace(UNSURE, decision="not_a_known_vehicle", other=0.9)
    assert describe_outcomes([unknown, UNSURE, unknown]) == (
        "3 photos: 0 routed (0 right), 1 not sure enough, 2 not a known vehicle"
    )


@pytest.mark.parametrize(
    ("decision", "answered"),
    [
        ("accepted", True),
        ("low_confidence", True),
        ("not_a_known_vehicle", True),
        ("unusable", False),
        ("failed", False),
    ],
)
def test_captures_are_awaited_of_what_the_endpoint_answered(decision: str, answered: bool) -> None:
    assert replace(ROUTED, decision=decision).answered is answered


def test_only_what_was_routed_is_right_or_wrong() -> None:
    assert [ROUTED.correct, WRONG.correct, UNSURE.correct] == [True, False, None]


def test_the_verdict_of_monitoring_is_told_with_its_causes(summary: Summary) -> None:
    assert dict(lines(summary))["Verdict"] == "do not trust; pictures are turned: 3 of 3 photos; no answers"
    assert dict(lines(replace(summary, verdict="trust", causes=[])))["Verdict"] == "trust"


def test_synthetic_data_is_said_first(summary: Summary) -> None:
    assert next(iter(lines(summary)))[1].startswith("synthetic")
    assert "synthetic" not in dict(lines(replace(summary, synthetic=False))).get("Data", "")


def test_a_model_that_accepts_nothing_has_no_accuracy_of_accepted(summary: Summary) -> None:
    nothing = replace(summary, coverage=0.0, accuracy_of_accepted=None)
    assert dict(lines(nothing))["Threshold"] == "0.910: 0% of the test images decided"


def test_what_was_not_measured_is_said(summary: Summary) -> None:
    right = "88.0% of changed test images right; other things:"
    assert dict(lines(summary))["Robustness"] == f"{right} 3.0% decided"
    assert dict(lines(replace(summary, others_decided=None)))["Robustness"] == f"{right} no photos to measure it on"


def test_the_file_holds_everything(summary: Summary, tmp_path: Path) -> None:
    kept = json.loads(write(summary, tmp_path).read_text())
    assert kept["workflow"][0]["route"] == {"loading_bay": "A"}
    assert kept["accuracy"] == 0.95
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
