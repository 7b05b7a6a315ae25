"""Schedules of EventBridge fire, by a clock that does not make the tests wait for minutes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from local.server.embedded import LocalAws
from tests.local.support import Wait, announced, client

SERVER = """
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from local.server.process import serve
moments = (datetime(2026, 1, 1, 11, 58, 30, tzinfo=UTC) + step * timedelta(seconds=30) for step in count())
serve(Path(sys.argv[1]), "eu-west-1", exit_with_stdin=True, clock=lambda: next(moments))
"""


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[LocalAws]:
    """A local AWS whose clock has gone on by half a minute each time that schedules are looked at."""
    argv = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield announced(server)
        finally:
            server.terminate()


def test_a_schedule_fires_each_minute(hurried: LocalAws, wait: Wait) -> None:
    events, sqs = client(hurried, "events"), client(hurried, "sqs")
    url = sqs.create_queue(QueueName="minutes")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="each-minute", ScheduleExpression="cron(* * * * ? *)")
    events.put_targets(Rule="each-minute", Targets=[{"Id": "1", "Arn": arn}])
    found: list[dict[str, str]] = []

    def look() -> dict[str, bool]:
        found.extend(json.loads(each["Body"]) for each in sqs.receive_message(QueueUrl=url).get("Messages", []))
        return {"both": len(found) >= 2}

    wait(look, "both", True)
    assert {(event["source"], event["detail-type"]) for event in found} == {("aws.events", "Scheduled Event")}
    first, second = sorted(datetime.fromisoformat(event["time"]) for event in found[:2])
    assert (first.date(), first.second) == (date(2026, 1, 1), 0)
    assert second - first == timedelta(minutes=1)
