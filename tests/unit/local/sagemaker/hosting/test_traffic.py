"""Which fleet gets a request while a deployment bakes."""

import random
from collections import Counter
from pathlib import Path

import pytest

from local.runtime.context import Context
from local.runtime.logs import Logs
from local.sagemaker.hosting.fleet import Fleet
from local.sagemaker.hosting.traffic import Traffic


@pytest.fixture
def fleets(tmp_path: Path) -> tuple[Fleet, Fleet]:
    """An old fleet and a new one, without variants."""
    context = Context(tmp_path, "eu-west-1", 1)
    endpoint = {"EndpointName": "e", "EndpointArn": "arn"}
    old, new = (
        Fleet(context, Logs(context), endpoint, {"EndpointConfigName": name}, lambda: None) for name in ("old", "new")
    )
    return old, new


def shares(traffic: Traffic) -> Counter[str]:
    random.seed(7)
    return Counter(fleet.config for _ in range(1000) if (fleet := traffic.choose("e")))


def test_the_new_fleet_gets_its_share_and_the_old_one_the_rest(fleets: tuple[Fleet, Fleet]) -> None:
    traffic, (old, new) = Traffic(), fleets
    assert traffic.choose("e") is None
    traffic.settle("e", old)
    traffic.shift("e", new, 0.25)
    found = shares(traffic)
    assert 200 < found["new"] < 300
    assert found["old"] == 1000 - found["new"]
    traffic.shift("e", new, 1.0)
    assert shares(traffic) == {"new": 1000}
    assert traffic.stable("e") is old


def test_a_fleet_that_is_rolled_back_gets_nothing(fleets: tuple[Fleet, Fleet]) -> None:
    traffic, (old, new) = Traffic(), fleets
    traffic.settle("e", old)
    traffic.shift("e", new, 0.5)
    traffic.shift("e", new, 0)
    assert shares(traffic) == {"old": 1000}
    assert traffic.remove("e") == [old]


def test_a_fleet_that_took_over_is_the_only_one(fleets: tuple[Fleet, Fleet]) -> None:
    traffic, (old, new) = Traffic(), fleets
    traffic.settle("e", old)
    traffic.shift("e", new, 1.0)
    assert traffic.settle("e", new) is old
    assert shares(traffic) == {"new": 1000}
    traffic.shift("gone", old, 0.5)
    assert traffic.clear() == [new]
