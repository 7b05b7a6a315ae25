"""The summary of traffic."""

from pipelines.operations.traffic import lines
from pipelines.traffic.tally import Counts

LATENCY = {"p50": 0.05, "p95": 0.1, "p99": 0.2, "max": 1.5}


def test_a_run_without_errors() -> None:
    counts = Counts(3000, 0, 0, {"accepted": 2900, "low_confidence": 100}, {}, LATENCY, 0.001)
    assert list(lines(counts, 600)) == [
        "sent      3,000 photos in 10 min 0 s, 5.0 a second",
        "answered  3,000: 2,900 accepted, 100 low_confidence",
        "latency   p50 50 ms, p95 0.10 s, p99 0.20 s, max 1.50 s",
        "sent late 1 ms at most, for 99 of 100 photos",
    ]


def test_what_went_wrong_is_told() -> None:
    counts = Counts(10, 2, 5, {}, {"ThrottlingException": 7, "EndpointFailed": 1}, {}, 0.5)
    assert list(lines(counts, 10)) == [
        "sent      10 photos in 10.0 s, 1.0 a second",
        "answered  0",
        "errors    8: 7 ThrottlingException, 1 EndpointFailed",
        "open      2 were still under way",
        "left out  5, because 256 were under way",
        "sent late 0.50 s at most, for 99 of 100 photos",
    ]
