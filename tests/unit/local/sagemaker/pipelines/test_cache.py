from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.protocol.errors import DefinitionError
from local.sagemaker.pipelines.cache import Lookup, PastRun, lifetime, look_up

NOW = datetime(2026, 1, 31, tzinfo=UTC)
CONFIG = {"Enabled": True, "ExpireAfter": "P30D"}


def past(days: int, **arguments: Any) -> PastRun:
    return PastRun(f"arn-{days}", NOW - timedelta(days=days), arguments, {"days": days})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P30D", timedelta(days=30)),
        ("p30d", timedelta(days=30)),
        ("PT12H30M", timedelta(hours=12, minutes=30)),
        ("P1Y2M3W4DT5S", timedelta(days=365 + 60 + 4, weeks=3, seconds=5)),
    ],
)
def test_lifetimes(text: str, expected: timedelta) -> None:
    assert lifetime(text) == expected


@pytest.mark.parametrize("text", ["30 days", "P", "PT", "30D"])
def test_lifetimes_that_are_none(text: str) -> None:
    with pytest.raises(DefinitionError, match="expected an ISO 8601 duration"):
        lifetime(text)


def test_the_latest_equal_run_is_reused() -> None:
    runs = [past(9, Environment={"A": "1"}), past(5, Environment={"A": "1"}), past(1, Environment={"A": "2"})]
    assert look_up("Processing", CONFIG, {"Environment": {"A": "1"}}, runs, NOW) == Lookup(runs[1], "")


def test_attributes_that_are_no_key_do_not_matter() -> None:
    run = past(1, RoleArn="a", ProcessingOutputConfig={"Outputs": [1]}, StoppingCondition={})
    assert look_up("Processing", CONFIG, {"RoleArn": "b"}, [run], NOW).hit is run
    run = past(1, ResourceConfig={"InstanceType": "a"})
    assert look_up("Training", CONFIG, {"ResourceConfig": {"InstanceType": "b"}}, [run], NOW).hit is run


@pytest.mark.parametrize(
    ("kind", "runs", "arguments", "reason"),
    [
        ("Processing", [], {}, "it has not run before"),
        ("Lambda", [past(1)], {}, "steps of type Lambda always run here"),
        ("Processing", [past(30)], {}, "its latest run is older than P30D"),
        ("Training", [past(1, HyperParameters={"a": "1"})], {}, "HyperParameters changed since the latest run"),
        (
            "Processing",
            [past(2), past(1, Environment={"A": "2"})],
            {"ProcessingInputs": [1]},
            "Environment and ProcessingInputs changed since the latest run",
        ),
    ],
)
def test_misses_say_why(kind: str, runs: list[PastRun], arguments: dict[str, Any], reason: str) -> None:
    found = look_up(kind, CONFIG, arguments, runs, NOW)
    assert (found.hit, found.reason) == (None, reason)


def test_without_expiry_a_run_is_good_for_ever() -> None:
    assert look_up("Processing", {"Enabled": True}, {}, [past(10_000)], NOW).hit is not None


@pytest.mark.parametrize(
    ("kind", "config"), [("Processing", {}), ("Processing", {"Enabled": False}), ("Lambda", CONFIG)]
)
def test_steps_that_are_not_cached(kind: str, config: dict[str, Any]) -> None:
    assert look_up(kind, config, {}, [past(1)], NOW).hit is None


def test_a_step_without_caching_needs_no_reason() -> None:
    assert look_up("Processing", {}, {}, [past(1)], NOW) == Lookup(None, "")
