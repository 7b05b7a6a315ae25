"""What a life cycle removes at a time, and that the rules of this project's bucket remove what they are there for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.protocol.json_types import Record
from local.protocol.templates import read_template
from local.stacks.life_cycles import api_rules
from local.storage.lifecycle import Removal, Upload, Version, aborted, removals
from pipelines.delivery import templates

MADE = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
ONE = {"a": [Version("1", MADE)]}


def rule(**more: Any) -> Record:
    return {"Status": "Enabled", "Filter": {"Prefix": ""}, **more}


def due(
    versions: dict[str, list[Version]], moment: datetime, *rules: Record, tags: dict[str, str] | None = None
) -> list[Removal]:
    return list(removals(rules, versions, lambda _: tags or {}, moment))


def test_an_object_expires_at_the_midnight_after_its_last_day() -> None:
    expires = rule(Expiration={"Days": 1})
    last = MIDNIGHT + timedelta(days=1)
    assert due(ONE, last - timedelta(seconds=1), expires) == []
    assert due(ONE, last, expires) == [Removal("object", "a")]
    assert due(ONE, last, expires | {"Status": "Disabled"}) == []
    assert due(ONE, MIDNIGHT, rule(Expiration={"Date": MIDNIGHT})) == [Removal("object", "a")]
    assert due(ONE, MADE, rule(Expiration={"Date": MIDNIGHT})) == []


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        ({"Prefix": "x/"}, ["x/a"]),
        ({"Filter": {"Prefix": "x/"}}, ["x/a"]),
        ({"Filter": {"Tag": {"Key": "k", "Value": "v"}}}, ["x/a", "y/a"]),
        ({"Filter": {"Tag": {"Key": "k", "Value": "w"}}}, []),
        ({"Filter": {"And": {"Prefix": "y/", "Tags": [{"Key": "k", "Value": "v"}]}}}, ["y/a"]),
    ],
)
def test_a_rule_is_for_keys_and_tags(chosen: Record, keys: list[str]) -> None:
    picked = {"Status": "Enabled", "Expiration": {"Days": 1}, **chosen}
    found = due(
        {key: [Version("1", MADE)] for key in ("x/a", "y/a")},
        MADE + timedelta(days=9),
        picked,
        tags={"k": "v", "more": ""},
    )
    assert [each.key for each in found] == keys


def test_an_old_version_goes_so_many_days_after_it_was_replaced() -> None:
    replaced = MADE + timedelta(days=10)
    history = {"a": [Version("1", MADE), Version("2", replaced)]}
    forgets = rule(NoncurrentVersionExpiration={"NoncurrentDays": 30})
    assert due(history, MIDNIGHT + timedelta(days=39), forgets) == []
    assert due(history, MIDNIGHT + timedelta(days=40), forgets) == [Removal("old version", "a", "1")]


def test_a_delete_marker_goes_when_nothing_is_behind_it() -> None:
    marker = Version("m", MADE, marker=True)
    alone, before = {"a": [marker]}, {"a": [Version("1", MADE), marker]}
    tidies = rule(Expiration={"ExpiredObjectDeleteMarker": True})
    assert due(before, MADE + timedelta(days=99), tidies) == []
    assert due(alone, MADE, tidies) == [Removal("delete marker", "a", "m")]
    assert due(alone, MIDNIGHT, rule(Expiration={"Days": 1})) == []
    assert due(alone, MIDNIGHT + timedelta(days=1), rule(Expiration={"Days": 1})) == [
        Removal("delete marker", "a", "m")
    ]


def test_uploads_that_nobody_completed_are_aborted() -> None:
    uploads = [Upload("x/a", "u", MADE), Upload("y/a", "v", MADE)]
    aborts = {"Status": "Enabled", "Prefix": "x/", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    assert list(aborted([aborts], uploads, MIDNIGHT + timedelta(days=6))) == []
    assert list(aborted([aborts], uploads, MIDNIGHT + timedelta(days=7))) == [Removal("upload", "x/a", "u")]


def test_what_the_projects_bucket_forgets_and_what_it_keeps() -> None:
    template = read_template((templates.INFRA / "storage.yaml").read_text("utf-8"))
    rules = api_rules(template["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"])
    keys = {
        "capture/a.jsonl": 91,
        "profiles/profile-1.json": 91,
        "profiles/README.txt": None,
        "photos/gate-7.png": 91,
        "batches/b/results.csv": 91,
        "checkpoints/c": 15,
        "executions/e/model.tar.gz": None,
        "data/latest": None,
        "verdicts/v.json": None,
        "review/r.json": None,
    }
    found = {key: [Version("1", MADE)] for key in keys}
    for days in (14, 15, 90, 91, 4000):
        gone = {each.key for each in due(found, MADE + timedelta(days=days), *rules)}
        assert gone == {key for key, until in keys.items() if until and days >= until}, days
    history = {"executions/e": [Version("1", MADE), Version("2", MADE)]}
    assert due(history, MADE + timedelta(days=31), *rules) == [Removal("old version", "executions/e", "1")]
    upload = [Upload("data/d", "u", MADE)]
    assert list(aborted(rules, upload, MADE + timedelta(days=8))) == [Removal("upload", "data/d", "u")]
