import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.pipelines.review.conftest import ANN

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.review.session import Session
from pipelines.review.snapshot import take_snapshot
from pipelines.settings.naming import Names
from steps.dataset.archive import read_archive
from steps.dataset.reviewed import read_reviewed


def test_answers_become_a_source_of_training(
    aws: Aws,
    names: Names,
    wait_for_review: Any,
    review: Callable[..., Session],
    generated_archive: Path,
    tmp_path: Path,
) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    session = review(ANN)
    for shown in ("motorcycle", None):
        current = session.current()
        assert current is not None
        session.answer(current.record.execution, shown)
    snapshot = take_snapshot(aws, names)
    assert snapshot.shown == {"motorcycle": 1, "cannot be told": 1}
    assert snapshot.describe().startswith("2 answers of reviewers (1 cannot be told, 1 motorcycle): s3://")
    assert take_snapshot(aws, names).uri == snapshot.uri
    key = snapshot.uri.removeprefix(f"s3://{names.bucket}/") + "/answers.jsonl"
    (tmp_path / "answers.jsonl").write_bytes(aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read())
    found = read_reviewed(tmp_path, read_archive(generated_archive), ("bicycle", "motorcycle"), others=True)
    assert (found.train.labels.tolist(), found.origin.left_out) == ([1], {"nobody could tell": 1})
    assert found.train.images[0, 0, 0].tolist() == [0, 128, 128]  # teal


def test_another_answer_has_another_address(
    aws: Aws, names: Names, wait_for_review: Any, review: Callable[..., Session]
) -> None:
    wait_for_review("run-1")
    session, addresses = review(ANN), set()
    for shown in ("bicycle", "motorcycle"):
        session.current()
        session.answer("run-1", shown)
        addresses.add(take_snapshot(aws, names).uri)
        session.undo()
    assert len(addresses) == 2


def test_there_must_be_answers(aws: Aws, names: Names) -> None:
    with pytest.raises(DataError, match="no photo has been reviewed yet"):
        take_snapshot(aws, names)
    aws.s3.put_object(Bucket=names.bucket, Key="review/answers/a/b.json", Body=b"{")
    with pytest.raises(DataError, match=r"review/answers/a/b\.json is not the record of an answer"):
        take_snapshot(aws, names)
    aws.s3.put_object(Bucket=names.bucket, Key="review/answers/a/b.json", Body=json.dumps({"shown": "x"}).encode())
    assert take_snapshot(aws, names).shown == {"x": 1}


def test_the_same_answers_have_the_same_address_however_they_are_read(
    aws: Aws, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [{"shown": "käse", "reviewer": "ann"}, {"shown": "käse", "reviewer": "ben"}]
    for number, each in enumerate(answers):
        aws.s3.put_object(Bucket=names.bucket, Key=f"review/answers/a/{number}.json", Body=json.dumps(each).encode())
    snapshot = take_snapshot(aws, names)
    assert snapshot.shown == {"käse": 2}
    key = snapshot.uri.removeprefix(f"s3://{names.bucket}/") + "/answers.jsonl"
    text = aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read().decode()
    assert text.splitlines()[1] == '{"reviewer": "ben", "shown": "käse"}'
    monkeypatch.setattr("pipelines.review.snapshot.PIECE", 1)
    assert take_snapshot(aws, names) == snapshot
