"""A variant gets more instances under load and gives them back afterwards, over an hour that passes in no time."""

from pathlib import Path

import pytest
from moto import mock_aws
from unit.local.scaling.world import KEY, POLICY, RESOURCE, World

from local.memory.store import Store
from local.protocol.errors import LocalAwsError, ServiceError
from local.protocol.json_types import Record
from local.scaling.service import ScalingService
from local.scaling.watch import alarm_period


def test_a_variant_follows_its_load_up_and_down(world: World) -> None:
    world.scale()
    assert world.pass_minutes(2, invocations=330) == [1]  # the alarm wants three minutes
    assert world.pass_minutes(10, invocations=330) == [1, 4]
    assert world.pass_minutes(20, invocations=330) == [4]  # 82 for each: one less would have 110
    assert world.pass_minutes(14) == [4]  # nothing goes before a quarter of an hour
    assert world.pass_minutes(10) == [4, 3, 1]
    *_, down, up = world.do("DescribeScalingActivities")["ScalingActivities"]
    policy = world.do("DescribeScalingPolicies")["ScalingPolicies"][0]
    high, low = (each["AlarmName"] for each in policy["Alarms"])
    assert high.startswith(f"TargetTracking-{RESOURCE}-AlarmHigh-")
    assert (up["Description"], up["StatusCode"]) == ("Setting desired instance count to 4.", "Successful")
    done = "Successfully set desired instance count to 4. Change successfully fulfilled by sagemaker."
    assert up["StatusMessage"] == done
    assert up["Cause"] == f"monitor alarm {high} in state ALARM triggered policy p"
    assert down["Cause"] == f"monitor alarm {low} in state ALARM triggered policy p"
    assert down["StartTime"] - up["EndTime"] > 30 * 60


def test_a_variant_without_requests_keeps_the_least_and_a_new_one_has_its_quarter_of_an_hour(world: World) -> None:
    world.endpoint.count = 3
    world.scale(least=2)
    assert world.pass_minutes(14) == [3]
    assert world.pass_minutes(30) == [3, 2]


def test_limits_are_kept_to_at_once(world: World) -> None:
    world.do("RegisterScalableTarget", MinCapacity=2, MaxCapacity=4)
    assert world.endpoint.count == 2
    world.endpoint.count = 4
    world.do("RegisterScalableTarget", MaxCapacity=3)
    assert world.endpoint.count == 3
    assert [each["Cause"] for each in world.do("DescribeScalingActivities", MaxResults=1)["ScalingActivities"]] == [
        "maximum capacity was set to 3"
    ]
    (target,) = world.do("DescribeScalableTargets")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 3)


def test_an_endpoint_that_is_changing_is_not_scaled(world: World) -> None:
    world.scale()
    world.endpoint.status = "Updating"
    assert world.pass_minutes(10, invocations=900) == [1]
    assert world.service.activities == []  # not even tried
    world.endpoint.status = "InService"
    assert world.pass_minutes(1, invocations=900) == [1, 4]


def test_what_somebody_else_sets_overrides_an_activity(world: World) -> None:
    world.scale()
    world.pass_minutes(4, invocations=900)
    (activity,) = world.service.activities
    assert (activity.after, activity.status) == (4, "Successful")
    world.do("RegisterScalableTarget", MaxCapacity=2)
    world.endpoint.count = 1
    world.watch.look()
    assert [each.status for each in world.service.activities] == ["InProgress", "Overridden", "Successful"]
    _, overridden, _ = world.do("DescribeScalingActivities")["ScalingActivities"]
    assert overridden["StatusMessage"] == "The desired instance count is 1 by now."


def test_the_end_of_an_endpoint_is_that_of_its_target_and_alarms(world: World) -> None:
    world.scale()
    high = world.service.policies[RESOURCE].high
    assert world.alarms.state(high) is not None
    world.endpoint.there = False
    world.watch.look()
    assert world.do("DescribeScalableTargets")["ScalableTargets"] == []
    assert world.alarms.state(high) is None


def test_what_is_remembered_comes_back(world: World, tmp_path: Path) -> None:
    world.scale()
    world.pass_minutes(4, invocations=900)
    again = ScalingService(world.context, world.alarms, world.endpoint, clock=world.clock)
    store = Store(tmp_path, "eu-west-1")
    store.write(store.freeze(world.service.remember()), {})
    again.recall(store.read())
    assert again.answer("DescribeScalingActivities", KEY) == world.do("DescribeScalingActivities")
    assert again.is_target("e", "AllTraffic")
    again.answer("DeregisterScalableTarget", KEY)
    assert not again.is_target("e", "AllTraffic")


def test_time_passes_faster_if_somebody_says_so(tmp_path: Path) -> None:
    with mock_aws():
        world = World(tmp_path, alarm_period({"LOCAL_AWS_SCALING_SPEED": "6"}))
        world.scale()
        assert world.pass_minutes(1, invocations=330) == [1, 4]
        assert world.pass_minutes(4) == [4, 3, 1]
        world.alarms.close()
        world.events.close()
    assert alarm_period({}) == 60
    assert isinstance(alarm_period({}), int)  # as periods of CloudWatch are
    with pytest.raises(LocalAwsError, match="LOCAL_AWS_SCALING_SPEED is '4'; expected one of 1, 2, 3, 6"):
        alarm_period({"LOCAL_AWS_SCALING_SPEED": "4"})


@pytest.mark.parametrize(
    ("operation", "more", "said"),
    [
        ("RegisterScalableTarget", {"MinCapacity": 1}, "MinCapacity and MaxCapacity are required"),
        ("RegisterScalableTarget", {"MinCapacity": 0, "MaxCapacity": 1}, "must be 1 or higher, not 0"),
        (
            "RegisterScalableTarget",
            {"MinCapacity": 3, "MaxCapacity": 2},
            "capacity 2 is less than the minimum capacity 3",
        ),
        ("RegisterScalableTarget", {"ResourceId": "endpoint/f/variant/a"}, "There is no variant of an endpoint"),
        ("RegisterScalableTarget", {"ResourceId": "inference-component/c"}, "variants of SageMaker's endpoints only"),
        ("PutScalingPolicy", POLICY, "There is no scalable target"),
        ("DeregisterScalableTarget", {}, "There is no scalable target"),
        ("PutScheduledAction", {"ScheduledActionName": "a"}, "does not execute PutScheduledAction for endpoints"),
        ("DescribeScalingActivities", {"IncludeNotScaledActivities": True}, "IncludeNotScaledActivities"),
        ("DescribeScalableTargets", {"NextToken": "x"}, "NextToken 'x'"),
    ],
)
def test_what_cannot_be_is_refused(world: World, operation: str, more: Record, said: str) -> None:
    with pytest.raises(ServiceError, match=said):
        world.do(operation, **more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"PolicyType": "StepScaling"}, "PolicyType 'StepScaling'"),
        ({"PolicyName": "q"}, "has the policy p, which tracks the same metric"),
        ({"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1.0}}, "tracks only the predefined metric"),
    ],
)
def test_policies_that_are_not_executed_are_refused(world: World, more: Record, said: str) -> None:
    world.scale()
    with pytest.raises(ServiceError, match=said):
        world.do("PutScalingPolicy", **{**POLICY, **more})
    world.do("DeleteScalingPolicy", PolicyName="p")
    with pytest.raises(ServiceError, match="There is no scaling policy p"):
        world.do("DeleteScalingPolicy", PolicyName="p")
    assert world.do("DescribeScalingPolicies")["ScalingPolicies"] == []
