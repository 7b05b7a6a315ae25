import json
from datetime import UTC, datetime

import pytest
from unit.pipelines.review.conftest import ANN, BEN, document

from monitoring.captures.record import parse
from monitoring.ground_truth.records import TruthRecord
from pipelines.review.answers import Answer, Reviewer, agreement, pair_of, seen_twice
from pipelines.review.records import Record
from pipelines.settings.naming import Names

AT = datetime(2026, 3, 9, 14, 5, 6, 70_000, UTC)


def test_ground_truth_is_what_monitoring_reads(names: Names) -> None:
    record = Record.parse(json.dumps(document(names, "run-1", inference_id="run-1-id")))
    answer = Answer(record, "none of these", ANN, AT, b"png")
    assert answer.ground_truth_key == f"ground-truth/2026/03/09/14/05-06-070-run-1-{ANN.digest}.jsonl"
    read = parse(TruthRecord, answer.ground_truth.encode())
    assert (read.metadata.event_id, read.data.classes) == ("run-1-id", ("none of these",))
    assert answer.key == f"review/answers/run-1/{ANN.digest}.json"
    kept = answer.document
    assert (kept["shown"], kept["reviewer"], kept["image"]) == ("none of these", ANN.arn, "cG5n")
    assert kept["photo"]["s3_key"] == "photos/run-1.png"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::123456789012:user/team/ann", "ann"),
        ("arn:aws:sts::123456789012:assumed-role/Admin/ben@example.com", "ben@example.com"),
        ("arn:aws:iam::123456789012:root", "root"),
    ],
)
def test_the_name_of_a_reviewer(arn: str, name: str) -> None:
    assert Reviewer(arn).name == name
    assert ANN.digest != BEN.digest


def test_a_share_is_seen_twice() -> None:
    names = [f"run-{number}" for number in range(1000)]
    assert not any(seen_twice(name, 0.0) for name in names)
    assert all(seen_twice(name, 1.0) for name in names)
    assert 150 < sum(seen_twice(name, 0.2) for name in names) < 250


def test_agreement() -> None:
    found = agreement([("a", "a")] * 8 + [("b", "b")] * 8 + [("a", "b")] * 2 + [("b", "a")] * 2)
    assert (found.photos, found.agreed) == (20, 16)
    assert found.kappa == pytest.approx(0.6)
    assert found.text == "16 of 20 photos that two people saw have the same answer, Cohen's kappa 0.60"
    assert agreement([("a", "a")]).kappa is None  # there was only one class to choose
    assert agreement([]).text == "no photo has been seen by two people"


def test_the_first_two_answers_count() -> None:
    told = [{"shown": name, "answered_at": f"2026-03-0{day}"} for name, day in (("c", 3), ("a", 1), ("b", 2))]
    assert pair_of(told) == ("a", "b")
    assert pair_of([{"shown": None, "answered_at": "2026-03-01"}, told[0]]) is None
