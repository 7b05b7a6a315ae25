"""When an incident begins and ends, and what is then said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambdas.report_incident.models import ALARMING, Incident, Place, Verdict, Word
from lambdas.report_incident.notices import message, subject
from lambdas.report_incident.progress import advance, wants_training
from lambdas.shared.uris import console_link

MIDNIGHT = datetime(2026, 3, 9, tzinfo=UTC)
TURNED = ("turned", "pictures are turned by 90° since 14:00: 96 % of 412 photos")
REPORT = Place("bucket", "reports/abc/monitoring/report.html")


def verdict(word: Word, hour: int = 1, **more: Any) -> Verdict:
    causes = (TURNED,) if word in ("look", "do_not_trust") else ()
    end = MIDNIGHT + timedelta(hours=hour)
    return Verdict(
        **{
            "word": word,
            "start": end - timedelta(hours=1),
            "end": end,
            "since": None,
            "causes": causes,
            "why": "",
            **more,
        }
    )


def after(*words: Word, alarm: str = "do_not_trust") -> Incident | None:
    """The incident after these verdicts, an hour apart; people are told after each."""
    known = None
    for hour, word in enumerate(words, 1):
        known = advance(known, verdict(word, hour), ALARMING[alarm], REPORT.uri)  # type: ignore[index]
        known = replace(known, told=True) if known else None
    return known


def then(known: Incident | None, word: Word, hour: int) -> Incident:
    found = advance(known, verdict(word, hour), ALARMING["do_not_trust"], "s3://bucket/later/report.html")
    assert found is not None
    return found


def test_without_an_alarm_there_is_no_incident() -> None:
    assert after("trust", "look", "cannot_tell") is None
    assert after("do_not_trust", alarm="never") is None


def test_an_incident_begins_and_is_told_once() -> None:
    begun = advance(None, verdict("do_not_trust"), ALARMING["do_not_trust"], REPORT.uri)
    assert begun == Incident(
        open=True,
        number=1,
        since="2026-03-09T00:00:00+00:00",
        text=TURNED[1],
        seen="2026-03-09T01:00:00+00:00",
        report=REPORT.uri,
        told=False,
    )
    on = then(replace(begun, told=True), "do_not_trust", 2)
    assert (on.open, on.number, on.told, on.report) == (True, 1, True, REPORT.uri)


@pytest.mark.parametrize("word", ["trust", "look"])
def test_it_ends_with_a_verdict_that_does_not_alarm_and_that_is_told(word: Word) -> None:
    ended = then(after("do_not_trust"), word, 2)
    assert (ended.open, ended.told) == (False, False)
    assert then(replace(ended, told=True), "trust", 3).told


def test_nothing_captured_neither_begins_nor_ends_anything() -> None:
    on = then(after("do_not_trust"), "cannot_tell", 2)
    assert (on.open, on.told) == (True, True)


def test_the_next_incident_has_the_next_number() -> None:
    again = then(after("do_not_trust", "trust"), "do_not_trust", 3)
    assert (again.number, again.open, again.told, again.training) == (2, True, False, None)


def test_a_look_alarms_where_that_is_configured() -> None:
    found = after("look", alarm="look")
    assert found is not None
    assert found.open


def test_windows_that_come_late_change_nothing() -> None:
    known = after("do_not_trust", "do_not_trust", "do_not_trust")
    assert then(known, "trust", 2) == known
    assert not then(known, "trust", 3).open  # the same window, judged again


def test_a_message_that_failed_is_sent_with_the_next_verdict() -> None:
    begun = then(None, "do_not_trust", 1)
    assert not then(begun, "do_not_trust", 2).told
    assert then(begun, "trust", 2).told  # it ended before anybody knew of it


def test_training_is_wanted_once_and_for_some_causes_alone() -> None:
    begun, told = then(None, "do_not_trust", 1), verdict("do_not_trust")
    assert wants_training(begun, told, ("class_mix", "turned"))
    assert not wants_training(begun, told, ("class_mix",))
    assert not wants_training(replace(begun, training="arn"), told, ("turned",))
    assert not wants_training(replace(begun, open=False), told, ("turned",))
    assert not wants_training(begun, verdict("do_not_trust", hour=-5), ("turned",))
    assert not wants_training(begun, verdict("do_not_trust", causes=()), ("turned",))


def test_the_message_says_what_happened_and_where_the_report_is() -> None:
    begun = then(None, "do_not_trust", 1)
    told = verdict("do_not_trust", causes=(TURNED, ("traffic", "traffic fell to 40 %")))
    assert message(begun, told, REPORT, "eu-west-1", trains=True).splitlines() == [
        "Incident 1: pictures are turned by 90° since 14:00: 96 % of 412 photos.",
        "Also: traffic fell to 40 %.",
        "Since: 2026-03-09 00:00 UTC",
        "Window: 2026-03-09 00:00 UTC to 2026-03-09 01:00 UTC",
        "Training: the pipeline is being started with the latest data.",
        "Report: https://eu-west-1.console.aws.amazon.com/s3/object/bucket?region=eu-west-1&prefix=reports/abc/monitoring/report.html",
        "        s3://bucket/reports/abc/monitoring/report.html",
    ]
    ended = message(replace(begun, open=False), verdict("trust", 2), REPORT, "eu-west-1", trains=False)
    assert "It ended: the window to 2026-03-09 02:00 UTC is well again." in ended
    assert console_link(REPORT.uri, "cn-north-1").startswith(
        "https://cn-north-1.console.amazonaws.cn/s3/object/bucket?"
    )


def test_the_subject_is_ascii_and_short() -> None:
    begun = then(None, "do_not_trust", 1)
    assert subject(begun, "scones-prod") == "scones-prod: the model cannot be trusted"
    assert subject(replace(begun, open=False), "scones-prod") == "scones-prod: the model can be trusted again"
    assert len(subject(begun, "ü" * 200)) == 100
