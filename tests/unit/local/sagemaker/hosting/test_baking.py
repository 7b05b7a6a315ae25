"""Waiting times of deployments, with a clock of the test."""

from collections.abc import Callable

import pytest

from local.protocol.errors import LocalAwsError
from local.sagemaker.hosting.baking import Baking, Pace, StoppedError, deployment_speed
from local.sagemaker.hosting.rollout import Plan, Stage


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.stops_at = float("inf")

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.now >= self.stops_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def stage(seconds: int) -> Stage:
    return Stage({"a": 1}, 0.5, "canary ", seconds, "WaitIntervalInSeconds")


def baking(
    clock: Clock, state: Callable[[str], str] = lambda _: "OK", speed: float = 1.0, most: int | None = None
) -> Baking:
    plan = Plan((stage(600),), ("errors", "latency"), most)
    return Baking(plan, state, Pace(speed, clock, wait=clock.wait))


def test_a_quiet_stage_lasts_as_long_as_it_says(clock: Clock) -> None:
    assert baking(clock).bake(stage(600)) == ""
    assert clock.now == pytest.approx(1600)


def test_waiting_times_are_shortened(clock: Clock) -> None:
    assert baking(clock, speed=60).bake(stage(600)) == ""
    assert clock.now == pytest.approx(1010)


@pytest.mark.parametrize(("state", "stays"), [("INSUFFICIENT_DATA", True), ("OK", True), ("ALARM", False)])
def test_only_the_state_alarm_ends_a_stage(clock: Clock, state: str, stays: bool) -> None:
    reason = baking(clock, lambda name: state if name == "latency" and clock.now >= 1100 else "OK").bake(stage(600))
    assert reason == ("" if stays else "Alarms of the deployment are in the state ALARM: latency")
    assert (clock.now > 1500) == stays
    assert clock.now >= 1100


def test_alarms_are_looked_at_even_in_a_stage_without_waiting(clock: Clock) -> None:
    assert "errors, latency" in baking(clock, lambda _: "ALARM").bake(stage(0))
    assert clock.now == 1000


def test_the_longest_time_counts_as_on_aws(clock: Clock) -> None:
    fast = baking(clock, speed=60, most=700)
    assert fast.bake(stage(600)) == ""
    clock.now += 99  # of work, which is not shortened
    assert fast.trouble() == ""
    clock.now += 2
    assert "longer than 700 seconds (MaximumExecutionTimeoutInSeconds)" in fast.trouble()


def test_the_end_of_the_local_aws_ends_the_waiting(clock: Clock) -> None:
    clock.stops_at = 1010
    with pytest.raises(StoppedError):
        baking(clock).bake(stage(600))
    assert clock.now < 1011


def test_the_speed_is_a_setting() -> None:
    assert deployment_speed({}) == 1
    assert deployment_speed({"LOCAL_AWS_DEPLOYMENT_SPEED": "60"}) == 60
    for wrong in ("fast", "0", "0.5", "inf", "nan"):
        with pytest.raises(LocalAwsError, match="LOCAL_AWS_DEPLOYMENT_SPEED is"):
            deployment_speed({"LOCAL_AWS_DEPLOYMENT_SPEED": wrong})
