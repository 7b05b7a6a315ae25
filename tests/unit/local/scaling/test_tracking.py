"""Target tracking adds what is needed, removes what surely is not, and waits for what it has done to take effect."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.scaling.targets import IN_PROGRESS, SUCCESSFUL, Activity, Policy, Target
from local.scaling.tracking import Reading, wanted

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
RESOURCE = "endpoint/e/variant/AllTraffic"
TARGET = Target(RESOURCE, 1, 6, "arn:target", "arn:role", NOON, {})
POLICY = Policy("p", RESOURCE, "arn:aws:autoscaling:eu-west-1:1:p", NOON, {"TargetValue": 100.0}, "h", "l", 60)


def after(count: int, reading: Reading, *past: Activity, **more: Any) -> int:
    given = {"target": TARGET, "policy": POLICY, **more}
    return wanted(count, given["target"], given["policy"], reading, list(past), NOON)


def high(invocations: float) -> Reading:
    return Reading(high=True, low=False, newest=invocations, most=invocations)


def low(most: float, newest: float = 0) -> Reading:
    return Reading(high=False, low=True, newest=newest, most=most)


def changed(before: int, count: int, seconds_ago: int) -> Activity:
    moment = NOON - timedelta(seconds=seconds_ago)
    return Activity("i", RESOURCE, "monitor alarm h", before, count, moment, SUCCESSFUL, "", moment)


@pytest.mark.parametrize(
    ("count", "reading", "expected"),
    [
        (1, high(101), 2),
        (1, high(350), 4),
        (2, high(150), 3),
        (2, high(9000), 6),  # no more than the most
        (3, high(70), 3),  # the alarm still rings, but the last minute was quiet
        (4, low(20), 1),
        (4, low(50), 2),
        (4, low(51), 3),
        (2, low(80), 2),  # one instance would have more than the target
        (4, low(0), 1),
        (4, Reading(high=False, low=False, newest=500, most=500), 4),  # no alarm, no change
    ],
)
def test_the_invocations_are_shared_among_enough_instances(count: int, reading: Reading, expected: int) -> None:
    assert after(count, reading) == expected


def test_no_fewer_than_the_least() -> None:
    assert after(4, low(0), target=replace(TARGET, least=2)) == 2


def test_during_the_cooldown_only_a_larger_addition_than_the_last_counts() -> None:
    """300 invocations an instance were counted while there was one; the three there are now have not had theirs yet."""
    assert after(3, high(300), changed(1, 3, 299)) == 3
    assert after(3, high(500), changed(1, 3, 299)) == 5
    assert after(5, high(500), changed(3, 5, 10), changed(1, 3, 299)) == 5
    assert after(3, high(150), changed(1, 3, 300)) == 5  # it has passed, and this is what each of the three has


def test_removals_wait_for_the_cooldown_and_additions_do_not() -> None:
    assert after(3, low(10), changed(4, 3, 299)) == 3
    assert after(3, low(10), changed(4, 3, 300)) == 1
    assert after(3, high(200), changed(4, 3, 10)) == 6
    assert after(3, low(10), changed(2, 3, 10), changed(4, 2, 20)) == 1  # the addition has ended the cooldown


def test_cooldowns_are_the_policys_and_begin_at_the_end_of_an_activity() -> None:
    quick = replace(POLICY, configuration={"TargetValue": 100.0, "ScaleInCooldown": 60, "ScaleOutCooldown": 30})
    assert after(3, low(10), changed(4, 3, 61), policy=quick) == 1
    assert after(3, high(150), changed(1, 3, 31), policy=quick) == 5
    running = replace(changed(4, 3, 400), ended=None, status=IN_PROGRESS)
    assert after(3, low(10), replace(running, ended=NOON - timedelta(seconds=10))) == 3
    assert after(3, low(10), changed(4, 3, 51), policy=replace(POLICY, period=10)) == 1  # six times as fast


def test_what_is_suspended_or_switched_off_does_not_happen() -> None:
    for name, reading in (("DynamicScalingOutSuspended", high(900)), ("DynamicScalingInSuspended", low(0))):
        assert after(3, reading, target=replace(TARGET, suspended={name: True})) == 3
        assert after(3, reading, target=replace(TARGET, suspended={name: False})) != 3
    assert after(3, low(0), policy=replace(POLICY, configuration={"TargetValue": 100.0, "DisableScaleIn": True})) == 3
