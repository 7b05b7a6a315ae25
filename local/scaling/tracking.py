"""How many instances target tracking wants. Pure.

Source: "How target tracking scaling for Application Auto Scaling works" in its user guide. It says when capacity is
added and removed, and that the policy rounds so that there is rather too much of it. The formula is ours: so many
instances that the invocations that were counted make no more than the target for each.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.scaling.targets import Activity, Policy, Target

SLACK = 1e-9  # by which a quotient may miss a whole number


@dataclass(frozen=True)
class Reading:
    """Which of the two alarms rings, and invocations a minute and instance: of the newest period, and the most of all.

    All: of the periods that the lower alarm looks at.
    """

    high: bool
    low: bool
    newest: float
    most: float


def wanted(count: int, target: Target, policy: Policy, reading: Reading, past: list[Activity], moment: datetime) -> int:
    """The instances that a target with `count` of them is to have; `past` has the policy's activities, newest first."""
    suspended = target.suspended
    if reading.high and not suspended.get("DynamicScalingOutSuspended"):
        return max(count, target.within(_needed(_base(count, policy, past, moment), reading.newest, policy.aim)))
    disabled = policy.configuration.get("DisableScaleIn") or suspended.get("DynamicScalingInSuspended")
    if reading.low and not disabled and not _rests(policy, past, moment):
        return min(count, target.within(_needed(count, reading.most, policy.aim)))
    return count


def _needed(count: int, invocations: float, aim: float) -> int:
    """The instances among which the invocations of `count` instances make no more than the aim for each."""
    return math.ceil(count * invocations / aim - SLACK)


def _base(count: int, policy: Policy, past: list[Activity], moment: datetime) -> int:
    """What the invocations are multiplied with: what was there before the additions that are still to take effect."""
    for each in past:
        if each.after < each.before or not _cools(each, policy.cooldown("ScaleOutCooldown"), moment):
            break
        count = each.before
    return count


def _rests(policy: Policy, past: list[Activity], moment: datetime) -> bool:
    """Whether the cooldown after a removal has not passed yet. An addition ends it."""
    last = past[0] if past else None
    return last is not None and last.after < last.before and _cools(last, policy.cooldown("ScaleInCooldown"), moment)


def _cools(activity: Activity, cooldown: timedelta, moment: datetime) -> bool:
    return moment < (activity.ended or activity.started) + cooldown
