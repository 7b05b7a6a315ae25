"""The terminal's tables and verdicts, and where they are read from."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from rich.console import Console
from rich.table import Table

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry import tables
from pipelines.registry.evaluations import EvaluatedVersion, read
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names

SCORES = {"precision": 0.9, "recall": 0.8, "f1": 0.85, "support": 100}


def document(name: str, accuracy: float, champion: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "model_version": name,
        "accuracy": accuracy,
        "coverage": 0.5,
        "accuracy_of_accepted": 0.98,
        "threshold": 0.9,
        "expected_calibration_error": 0.02,
        "log_loss": 0.2,
        "roc_auc": 0.97,
        "per_class": {"bicycle": SCORES, "pickup_truck": SCORES},
        "data_digest": "d",
        "headline": "Better than the one in production, by 2.0 points",
        "explanation": "On the same photos.",
        "champion": champion,
        "gates": [{"name": "accuracy", "value": accuracy, "minimum": 0.8, "passed": accuracy >= 0.8}],
        **more,
    }


def version(number: int, status: str = "PendingManualApproval", **metadata: str) -> ModelVersion:
    reason = "Approved 2026-01-02 03:04Z by user/ann: it is good" if status == "Approved" else ""
    created = datetime(2026, 1, 2, tzinfo=UTC)
    return ModelVersion(
        f"arn/{number}", number, status, created, reason=reason, model_uri="s3://b/k", metadata=metadata
    )


def text(table: Table, width: int = 120) -> str:
    console = Console(width=width, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_the_list_says_which_version_waits_for_instances_unless_a_newer_one_is_wanted() -> None:
    known = [replace(version(number, "Approved"), lacks_instances=number < 3) for number in (2, 1)]
    assert text(tables.listing(known, [])).count("waits for instances; it is good") == 1
    assert "waits" not in text(tables.listing([version(3, "Approved"), *known], []))


def test_the_list_has_the_whole_text_of_who_decided_elsewhere() -> None:
    in_the_console = replace(version(1, "Approved"), reason="looks good: 95 %")
    assert "looks good: 95 %" in text(tables.listing([in_the_console], []))


def test_a_version_that_was_rebased_says_from_which_one_and_into_which_image() -> None:
    assert "rebased from" not in text(tables.provenance(version(1)))
    said = text(tables.provenance(version(2, rebased_from="arn/1", image="registry/inference@sha256:1")))
    assert [line.split() for line in said.splitlines()[-2:]] == [
        ["rebased", "from", "arn/1"],
        ["image", "registry/inference@sha256:1"],
    ]


def test_the_list_says_who_is_in_production_and_what_waits() -> None:
    known = [version(3), version(2, "Approved", accuracy="0.9", coverage="0.5"), version(1, "Rejected")]
    assert tables.listing_verdict(known, known[1]) == "version 2 is in production; 3 waits for an approver"
    assert tables.listing_verdict(known[:1], None) == "no version is in production; 3 waits for an approver"
    shown = text(tables.listing(known, ["arn/2"])).splitlines()
    assert [line.split()[0:2] for line in shown[1:]] == [["3", "pending"], ["2", "approved"], ["1", "rejected"]]
    assert all(words in shown[2] for words in ("yes", "90.0%", "it is good"))


def test_versions_that_met_have_their_paired_comparison() -> None:
    one = EvaluatedVersion(version(2), document("new", 0.92, {"model_version": "old", "comparison": {}}))
    other = EvaluatedVersion(version(1), document("old", 0.9))
    assert tables.compare_verdict(one, other) == "Better than the one in production, by 2.0 points. " + (
        "On the same photos."
    )
    assert tables.compare_verdict(other, one).startswith("Version 2, when version 1 was in production: Better")


def test_versions_that_never_met_are_compared_with_care() -> None:
    one, other = EvaluatedVersion(version(3), document("c", 0.92)), EvaluatedVersion(version(1), document("a", 0.9))
    assert tables.compare_verdict(one, other) == (
        "version 3 and version 1 were never compared: +2.0 points of accuracy on the same photos, without a paired test"
    )
    elsewhere = EvaluatedVersion(version(1), document("a", 0.9, data_digest="other"))
    assert "measured on different data" in tables.compare_verdict(one, elsewhere)


def test_figures_stand_side_by_side() -> None:
    nothing_decided = document("old", 0.9, coverage=0.0, accuracy_of_accepted=0.0)
    shown = text(tables.side_by_side(document("new", 0.92), nothing_decided, ("Version 2", "Version 1")))
    lines = {line[:28].strip(): line.split()[-3:] for line in shown.splitlines()}
    assert lines["Accuracy"] == ["92.0%", "90.0%", "+2.0"]
    assert lines["Right among those"] == ["those", "98.0%", "–"]
    assert lines["Recall of pickup truck"] == ["80.0%", "80.0%", "+0.0"]


def test_gates_say_when_there_was_no_champion() -> None:
    assert "none in production" in text(tables.gates(document("new", 0.7)))
    assert "failed" in text(tables.gates(document("new", 0.7)))
    apart = document("new", 0.9, {"model_version": "old", "incomparable": "other classes"})
    assert "not comparable" in text(tables.gates(apart))


def test_gates_may_be_maximums_and_may_lack_a_measurement() -> None:
    gates = [
        {"name": "others_decided", "value": 0.03, "minimum": None, "maximum": 0.15, "passed": True},
        {"name": "others_decided", "value": 0.2, "minimum": None, "maximum": 0.15, "passed": False},
        {"name": "others_decided", "value": None, "minimum": None, "maximum": 0.15, "passed": None},
        {"name": "robust_accuracy", "value": 0.9, "minimum": 0.75, "maximum": None, "passed": True},
    ]
    lines = [line.split() for line in text(tables.gates(document("new", 0.9, gates=gates))).splitlines()[1:5]]
    assert lines == [
        ["others", "decided", "3.0%", "at", "most", "15.0%", "+12.0", "passed"],
        ["others", "decided", "20.0%", "at", "most", "15.0%", "−5.0", "failed"],
        ["others", "decided", "–", "at", "most", "15.0%", "not", "measured"],
        ["robust", "accuracy", "90.0%", "at", "least", "75.0%", "+15.0", "passed"],
    ]


def test_what_an_older_version_or_an_archive_without_others_lacks_is_left_open() -> None:
    new = document("new", 0.92, robust_accuracy=0.88, others_decided=0.03)
    for other in (document("old", 0.9), document("old", 0.9, robust_accuracy=None, others_decided=None)):
        shown = text(tables.side_by_side(new, other, ("Version 2", "Version 1")))
        lines = {line[:28].strip(): line.split()[-2:] for line in shown.splitlines()}
        assert lines["Accuracy on changed photos"] == ["88.0%", "–"]
        assert lines["Other things decided"] == ["3.0%", "–"]


def test_an_evaluation_is_read_where_the_version_says(session: boto3.Session, names: Names) -> None:
    aws = Aws(session)
    aws.s3.put_object(Bucket=names.bucket, Key="e/evaluation.json", Body=json.dumps(document("new", 0.9)))
    found = read(aws, version(1, evaluation=names.s3("e", "evaluation.json")))
    assert found.document["model_version"] == "new"
    with pytest.raises(DataError, match=r"evaluation of version 1 has been deleted"):
        read(aws, version(1, evaluation=names.s3("e", "other.json")))
    with pytest.raises(DataError, match="version 1 refers to no evaluation"):
        read(aws, version(1))


def test_a_version_of_another_tool_is_listed_with_what_it_lacks() -> None:
    other = ModelVersion(
        "arn", 1, "Approved", datetime(2026, 1, 2, tzinfo=UTC), "Approved 2026-01-02 03:04Z by root: tried out", "",
        {"accuracy": "high"}, defect="it names no model archive (ModelDataUrl)",
    )  # fmt: skip
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(tables.listing([other], []))
    text = console.export_text()
    assert "not deployable: it names no model archive (ModelDataUrl); tried out" in text
    assert "–" in text
    with pytest.raises(DataError, match="cannot be deployed: it names no model archive"):
        read(Aws(boto3.Session("testing", "testing", region_name="eu-west-1")), other)
