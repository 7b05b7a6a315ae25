"""Which statement was needed: the one without which a request would have been denied."""

import json
from pathlib import Path
from typing import Any

from local.iam.actions import Action
from local.iam.needs import Needs
from local.iam.policies import lookup_in

ROLE = "arn:aws:iam::123456789012:role/reader"
BUCKET = "arn:aws:s3:::mine"


def allow(sid: str, resource: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Action": "s3:GetObject", "Resource": resource}


def noted(path: Path, statements: list[dict[str, Any]], *keys: str) -> list[tuple[str, str]]:
    """The statements and resources that are noted when these keys are read."""
    needs = Needs(path / "needs.jsonl")
    for key in keys:
        needs.note(ROLE, statements, Action("s3:GetObject", f"{BUCKET}/{key}"), lookup_in({}))
    if not (path / "needs.jsonl").exists():
        return []
    lines = [json.loads(line) for line in (path / "needs.jsonl").read_text().splitlines()]
    assert {(line["role"], line["action"]) for line in lines} == {("reader", "s3:GetObject")}
    return [(line["statement"], line["resource"]) for line in lines]


def test_each_statement_is_noted_with_the_first_request_that_needed_it(tmp_path: Path) -> None:
    statements = [allow("Data", f"{BUCKET}/data/*"), allow("Code", f"{BUCKET}/code/*"), allow("Old", f"{BUCKET}/old/*")]
    found = noted(tmp_path, statements, "data/one", "data/two", "code/one")
    assert found == [("Data", f"{BUCKET}/data/one"), ("Code", f"{BUCKET}/code/one")]


def test_of_two_that_allow_the_same_none_is_needed(tmp_path: Path) -> None:
    assert noted(tmp_path, [allow("One", f"{BUCKET}/*"), allow("Other", f"{BUCKET}/data/*")], "data/one") == []


def test_a_deny_is_needed_for_nothing(tmp_path: Path) -> None:
    statements = [allow("Data", f"{BUCKET}/data/*"), allow("NotCode", f"{BUCKET}/code/*", effect="Deny")]
    assert [sid for sid, _ in noted(tmp_path, statements, "data/one")] == ["Data"]
