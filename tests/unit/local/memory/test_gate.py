"""While the gate is closed nothing passes, and what passes keeps it open, but not for ever."""

from threading import Event, Thread

import pytest

from local.memory.gate import Gate, changes
from local.protocol.calls import Call


@pytest.mark.parametrize(
    ("service", "operation", "method", "expected"),
    [
        ("s3", "", "GET", False),
        ("s3", "", "HEAD", False),
        ("s3", "", "PUT", True),
        ("s3", "", "DELETE", True),
        ("sqs", "ReceiveMessage", "POST", True),
        ("sagemaker", "ListModelPackages", "POST", False),
        ("sagemaker", "UpdateModelPackage", "POST", True),
        ("unheard", "Unknown", "POST", True),
    ],
)
def test_reads_change_nothing(service: str, operation: str, method: str, expected: bool) -> None:
    assert changes(Call(service, "key", operation), method) is expected


def test_a_closed_gate_holds_requests_until_it_opens() -> None:
    gate, passed = Gate(), Event()

    def request() -> None:
        with gate.passing():
            passed.set()

    with gate.closed(10, 10) as quiet:
        assert quiet
        Thread(target=request, daemon=True).start()
        assert not passed.wait(0.05)
    assert passed.wait(10)


def test_what_takes_long_is_not_waited_for_but_lets_its_own_requests_through() -> None:
    gate = Gate()
    with gate.passing():
        inner = Event()

        def nested() -> None:
            with gate.passing():
                inner.set()

        with gate.closed(0.01, 0.05) as quiet:
            assert not quiet
            Thread(target=nested, daemon=True).start()
        assert inner.wait(10)
