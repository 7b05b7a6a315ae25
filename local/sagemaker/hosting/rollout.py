"""In which stages a deployment shifts traffic to the new fleet, by its DeploymentConfig. Pure.

Source: "Deployment guardrails" in AWS's developer guide, and botocore's descriptions of the members.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from local.protocol.errors import ValidationError
from local.protocol.json_types import Json, Record

ALL_AT_ONCE, CANARY, LINEAR = "ALL_AT_ONCE", "CANARY", "LINEAR"
BETWEEN, LAST = "WaitIntervalInSeconds", "TerminationWaitInSeconds"
SIZES = {CANARY: "CanarySize", LINEAR: "LinearStepSize"}
LEAST_PERCENT = {CANARY: 0, LINEAR: 10}
MOST_PERCENT = 50


@dataclass(frozen=True)
class Stage:
    """A part of the new fleet gets traffic, and is watched for `seconds`, the value of the member `setting`.

    `active` has the instances of each variant that get traffic, `share` the part of all requests that they get.
    """

    active: Mapping[str, int]
    share: float
    words: str  # before "capacity of 1 instance(s)"
    seconds: int
    setting: str


@dataclass(frozen=True)
class Plan:
    """What happens from the start of the new fleet to the end of the old one."""

    stages: tuple[Stage, ...]
    alarms: tuple[str, ...] = ()
    most_seconds: int | None = None


def plan(config: Record, variants: list[Record]) -> Plan:
    """The plan for a DeploymentConfig and the variants of the new fleet. Raises ValidationError."""
    policy: Record = config.get("BlueGreenUpdatePolicy", {})
    routing: Record = policy.get("TrafficRoutingConfiguration", {"Type": ALL_AT_ONCE, BETWEEN: 0})
    _refuse_wrong_sizes(routing)
    counts = {each["VariantName"]: each.get("InitialInstanceCount", 1) for each in variants}
    weights = {each["VariantName"]: each.get("InitialVariantWeight", 1.0) for each in variants}
    steps = list(_steps(routing, counts))
    stages = [_stage(active, counts, weights, routing["Type"], routing[BETWEEN]) for active in steps[:-1]]
    stages.append(Stage(counts, 1.0, "full ", policy.get(LAST, 0), LAST))
    most, waits = policy.get("MaximumExecutionTimeoutInSeconds"), sum(stage.seconds for stage in stages)
    if most is not None and waits >= most:
        raise ValidationError(
            f"MaximumExecutionTimeoutInSeconds is {most}; it must be larger than all waiting times together, {waits}"
        )
    alarms = config.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    return Plan(tuple(stages), tuple(each["AlarmName"] for each in alarms), most)


def refuse_missing(alarms: tuple[str, ...], state: Callable[[str], str | None]) -> None:
    """Raises ValidationError if there is no alarm of one of the names; `state` finds an alarm's state."""
    if missing := [name for name in alarms if state(name) is None]:
        raise ValidationError(f"The alarms of AutoRollbackConfiguration must exist; there is none of: {missing}")


def _refuse_wrong_sizes(routing: Record) -> None:
    for kind, member in SIZES.items():
        if (routing["Type"] == kind) != (member in routing):
            needs = "needs" if routing["Type"] == kind else "cannot have"
            raise ValidationError(f"TrafficRoutingConfiguration of type {routing['Type']} {needs} {member}")


def _steps(routing: Record, counts: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """The instances of each variant with traffic, from the first step to the whole fleet."""
    kind = routing["Type"]
    if kind in SIZES:
        sizes = {name: _instances(kind, routing[SIZES[kind]], name, count) for name, count in counts.items()}
        number = 1
        while any(sizes[name] * number < count for name, count in counts.items()) and (kind == LINEAR or number == 1):
            yield {name: min(sizes[name] * number, count) for name, count in counts.items()}
            number += 1
    yield dict(counts)


def _instances(kind: str, size: Json, variant: str, count: int) -> int:
    """How many of a variant's instances a size means. Raises ValidationError for one that is not allowed."""
    value: int = size["Value"]
    by_percent = size["Type"] == "CAPACITY_PERCENT"
    percent = value if by_percent else value / count * 100
    instances = max(1, count * value // 100) if by_percent else value
    if not LEAST_PERCENT[kind] <= percent <= MOST_PERCENT or instances / count * 100 > MOST_PERCENT:
        least = f"at least {LEAST_PERCENT[kind]}% and " if LEAST_PERCENT[kind] else ""
        raise ValidationError(
            f"{SIZES[kind]} must be {least}at most {MOST_PERCENT}% of the instances of variant {variant}, of which "
            f"there are {count}; {value} {size['Type']} is not"
        )
    return instances


def _stage(
    active: Mapping[str, int], counts: Mapping[str, int], weights: Mapping[str, float], kind: str, seconds: int
) -> Stage:
    whole = sum(weights.values())
    parts = {name: active[name] / count for name, count in counts.items()}
    share = sum(weights[name] * part for name, part in parts.items()) / whole if whole else min(parts.values())
    return Stage(active, share, "canary " if kind == CANARY else "", seconds, BETWEEN)
