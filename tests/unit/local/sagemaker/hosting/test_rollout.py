"""The stages of a deployment, and which configurations of deployments are refused."""

from typing import Any

import pytest

from local.protocol.errors import ValidationError
from local.sagemaker.hosting.rollout import plan, refuse_missing

TWO = [{"VariantName": "a", "InitialInstanceCount": 2, "InitialVariantWeight": 1.0}]


def variants(**counts: int) -> list[dict[str, Any]]:
    return [
        {"VariantName": name, "InitialInstanceCount": count, "InitialVariantWeight": 1.0}
        for name, count in counts.items()
    ]


def config(kind: str, size: tuple[str, int] | None = None, **more: Any) -> dict[str, Any]:
    member = {"CANARY": "CanarySize", "LINEAR": "LinearStepSize"}.get(kind, "")
    routing: dict[str, Any] = {"Type": kind, "WaitIntervalInSeconds": 600}
    if size:
        routing[member] = {"Type": size[0], "Value": size[1]}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 300, **more}}


@pytest.mark.parametrize(
    ("given", "count", "expected"),
    [
        ({}, 1, [(1, 1.0, 0)]),
        (config("ALL_AT_ONCE"), 1, [(1, 1.0, 300)]),
        (config("CANARY", ("INSTANCE_COUNT", 1)), 2, [(1, 0.5, 600), (2, 1.0, 300)]),
        (config("CANARY", ("INSTANCE_COUNT", 1)), 10, [(1, 0.1, 600), (10, 1.0, 300)]),
        (config("CANARY", ("CAPACITY_PERCENT", 30)), 10, [(3, 0.3, 600), (10, 1.0, 300)]),
        (config("CANARY", ("CAPACITY_PERCENT", 5)), 3, [(1, 1 / 3, 600), (3, 1.0, 300)]),
        (config("LINEAR", ("INSTANCE_COUNT", 2)), 5, [(2, 0.4, 600), (4, 0.8, 600), (5, 1.0, 300)]),
        (config("LINEAR", ("CAPACITY_PERCENT", 50)), 2, [(1, 0.5, 600), (2, 1.0, 300)]),
    ],
)
def test_stages(given: dict[str, Any], count: int, expected: list[tuple[int, float, int]]) -> None:
    stages = plan(given, variants(a=count)).stages
    assert [(stage.active["a"], stage.share, stage.seconds) for stage in stages] == expected


def test_stages_say_which_setting_made_them_wait() -> None:
    canary, whole = plan(config("CANARY", ("INSTANCE_COUNT", 1)), TWO).stages
    assert (canary.words, canary.setting) == ("canary ", "WaitIntervalInSeconds")
    assert (whole.words, whole.setting) == ("full ", "TerminationWaitInSeconds")


def test_variants_count_by_their_weight() -> None:
    several = variants(a=2, b=4)
    several[0]["InitialVariantWeight"] = 3.0
    canary = plan(config("CANARY", ("INSTANCE_COUNT", 1)), several).stages[0]
    assert canary.active == {"a": 1, "b": 1}
    assert canary.share == (3 * 1 / 2 + 1 * 1 / 4) / 4
    idle = [{**each, "InitialVariantWeight": 0.0} for each in several]
    assert plan(config("CANARY", ("INSTANCE_COUNT", 1)), idle).stages[0].share == 1 / 4


@pytest.mark.parametrize(
    ("given", "count", "complaint"),
    [
        (config("CANARY", ("INSTANCE_COUNT", 1)), 1, "CanarySize must be at most 50% of the instances of variant a"),
        (config("CANARY", ("CAPACITY_PERCENT", 51)), 10, "51 CAPACITY_PERCENT is not"),
        (config("CANARY", ("CAPACITY_PERCENT", 50)), 1, "of which there are 1"),
        (config("LINEAR", ("INSTANCE_COUNT", 1)), 11, "LinearStepSize must be at least 10% and at most 50%"),
        (config("LINEAR", ("CAPACITY_PERCENT", 9)), 100, "9 CAPACITY_PERCENT is not"),
        (config("CANARY"), 2, "of type CANARY needs CanarySize"),
        (config("LINEAR"), 2, "of type LINEAR needs LinearStepSize"),
        (config("CANARY", ("INSTANCE_COUNT", 1), MaximumExecutionTimeoutInSeconds=900), 2, "larger than all waiting"),
    ],
)
def test_what_is_refused(given: dict[str, Any], count: int, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        plan(given, variants(a=count))


def test_a_size_for_another_type_is_refused() -> None:
    given = config("ALL_AT_ONCE")
    given["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]["CanarySize"] = {"Type": "INSTANCE_COUNT", "Value": 1}
    with pytest.raises(ValidationError, match="of type ALL_AT_ONCE cannot have CanarySize"):
        plan(given, TWO)


def test_alarms_must_exist() -> None:
    found = plan({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "known"}, {"AlarmName": "other"}]}}, TWO)
    assert found.alarms == ("known", "other")
    refuse_missing(found.alarms, lambda _: "INSUFFICIENT_DATA")
    with pytest.raises(ValidationError, match=r"must exist; there is none of: \['other'\]"):
        refuse_missing(found.alarms, {"known": "OK"}.get)
