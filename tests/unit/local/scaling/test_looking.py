"""What a look at a variant counts: invocations of the last minutes, what was done before, and that it is repeated."""

import logging
from queue import Queue

import pytest
from unit.local.scaling.world import POLICY, RESOURCE, World

from local.protocol.json_types import Record
from local.scaling.targets import SUCCESSFUL, Activity
from local.scaling.watch import Watch


@pytest.mark.parametrize(("seconds_ago", "count"), [(0, 4), (59, 4), (60, 1)])
def test_the_newest_minute_ends_with_the_present_second(world: World, seconds_ago: int, count: int) -> None:
    world.scale()
    world.count_invocations(350, seconds_ago)
    world.ring(world.service.policies[RESOURCE].high)
    world.watch.look()
    assert world.endpoint.count == count


def test_a_minute_of_which_nothing_is_known_had_no_invocations(world: World) -> None:
    """With the target of one, a single invocation would keep all instances."""
    world.endpoint.count = 4
    world.scale()
    configuration = {**POLICY["TargetTrackingScalingPolicyConfiguration"], "TargetValue": 1.0}
    world.do("PutScalingPolicy", **{**POLICY, "TargetTrackingScalingPolicyConfiguration": configuration})
    world.ring(world.service.policies[RESOURCE].low)
    world.watch.look()
    assert world.endpoint.count == 1


@pytest.mark.parametrize(
    ("resource", "cause", "count"),
    [
        (RESOURCE, "monitor alarm a in state ALARM triggered policy p", 3),
        (RESOURCE, "maximum capacity was set to 3", 1),
        ("endpoint/f/variant/AllTraffic", "monitor alarm a in state ALARM triggered policy p", 1),
    ],
)
def test_a_cooldown_follows_what_the_policy_has_done_to_the_same_variant(
    world: World, resource: str, cause: str, count: int
) -> None:
    world.endpoint.count = 3
    world.scale()
    world.service.activities = [Activity("i", resource, cause, 4, 3, world.time, SUCCESSFUL, "", world.time)]
    world.ring(world.service.policies[RESOURCE].low)
    world.watch.look()
    assert world.endpoint.count == count


def test_it_looks_again_and_again_also_after_a_failure(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun: Queue[None] = Queue()

    def fail(endpoint: str, name: str) -> Record:
        begun.put(None)
        raise LookupError(endpoint, name)

    world.scale()
    monkeypatch.setattr(world.endpoint, "variant", fail)
    monkeypatch.setattr("local.scaling.watch.EVERY_SECONDS", 0.01)
    watch = Watch(world.context, world.metrics, world.alarms, world.endpoint, world.service, world.clock)
    with caplog.at_level(logging.ERROR):
        watch.start()
        begun.get(timeout=10)
        begun.get(timeout=10)
        watch.close()
    assert "scaling has failed; it is tried again in 0.01 seconds" in caplog.messages
