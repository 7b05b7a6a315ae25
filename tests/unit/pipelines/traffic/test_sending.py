"""The open loop: photos are sent when they are due, whatever becomes of the others."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from pipelines.traffic.arrivals import arrivals
from pipelines.traffic.photos import Sent
from pipelines.traffic.sending import Sender
from pipelines.traffic.tally import Counts, Tally
from pipelines.traffic.targets import MOST_UNDER_WAY, Reply

PHOTOS = itertools.repeat(Sent(b"photo"))


@dataclass
class Place:
    """A target that does what a test says."""

    does: Callable[[str], Reply]

    def send(self, photo: Sent, name: str) -> Reply:
        assert photo.content == b"photo"
        return self.does(name)


def sent(does: Callable[[str], Reply], manual: Any, photos: int = 3, report: Callable[[], None] = int) -> Counts:
    tally = Tally()
    Sender(Place(does), "run", tally, report, manual.clock).send(PHOTOS, arrivals(1, photos, "even"))
    return tally.counts


def test_latency_is_counted_from_when_a_photo_was_due(manual: Any) -> None:
    names = []

    def answered(name: str) -> Reply:
        names.append(name)
        return Reply(int(name[-1]) + 0.123456, "accepted")

    counts = sent(answered, manual)
    assert sorted(names) == ["run-000000", "run-000001", "run-000002"]
    assert (counts.sent, counts.outcomes, counts.errors) == (3, {"accepted": 3}, {})
    assert counts.latency == {"p50": 0.1235, "p95": 0.1235, "p99": 0.1235, "max": 0.1235}
    assert manual.time == pytest.approx(2, abs=0.5)


def test_late_answers_delay_nothing(manual: Any) -> None:
    all_sent = threading.Event()

    def waits(name: str) -> Reply:
        if name.endswith("2"):
            all_sent.set()
        assert all_sent.wait(60)
        return Reply(3, "accepted")

    counts = sent(waits, manual)
    assert counts.outcomes == {"accepted": 3}
    assert counts.late == 0


def test_too_many_under_way_are_left_out_and_told(manual: Any) -> None:
    full = threading.Event()

    def look() -> None:
        if manual.time > MOST_UNDER_WAY + 2:
            full.set()

    counts = sent(lambda _: Reply(float(full.wait(60)), "accepted"), manual, MOST_UNDER_WAY + 5, look)
    assert (counts.sent + counts.left_out, counts.answered) == (MOST_UNDER_WAY + 5, counts.sent)
    assert counts.left_out >= 2


def test_errors_are_counted_by_kind(manual: Any) -> None:
    raised = {
        "run-000000": ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "InvokeEndpoint"),
        "run-000001": ConnectTimeoutError(endpoint_url="http://127.0.0.1"),
    }

    def fails(name: str) -> Reply:
        if name in raised:
            raise raised[name]
        return Reply(1, failure="EndpointFailed")

    counts = sent(fails, manual)
    assert counts.errors == {"ThrottlingException": 1, "ConnectTimeoutError": 1, "EndpointFailed": 1}
    assert (counts.failed, counts.answered, counts.latency) == (3, 0, {})


def test_a_mistake_in_the_code_ends_no_run(manual: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda error: told.append(error.exc_type))
    assert sent(lambda name: Reply(1, name[99]), manual).errors == {"UnexpectedError": 3}
    assert set(told) == {IndexError}


def test_an_interruption_waits_for_nobody(manual: Any) -> None:
    never, tally = threading.Event(), Tally()

    def interrupt() -> None:
        raise KeyboardInterrupt

    sender = Sender(Place(lambda _: Reply(float(never.wait(60)))), "run", tally, interrupt, manual.clock)
    with pytest.raises(KeyboardInterrupt):
        sender.send(PHOTOS, arrivals(1, 5, "even"))
    assert tally.counts.under_way == 1
    never.set()
