"""Step caching: finds an earlier run of a step that can be reused. Pure.

The key attributes are those in "Caching pipeline steps" of AWS's developer guide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.protocol.errors import DefinitionError

ATTRIBUTES = {
    "Processing": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Training": (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    ),
}


@dataclass(frozen=True)
class PastRun:
    """A successful run of a step in the past, with the step's resolved arguments and its resulting properties."""

    execution_arn: str
    ended: datetime
    arguments: Mapping[str, Any]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Lookup:
    """The run to reuse, or the reason why there is none (empty if the step has no caching)."""

    hit: PastRun | None
    reason: str


def lifetime(text: str) -> timedelta:
    """Parses an ISO 8601 duration such as P30D or PT12H; months have 30 days, years 365. Raises DefinitionError."""
    from pydantic import TypeAdapter, ValidationError

    try:
        if text.upper().startswith("P"):
            return TypeAdapter(timedelta).validate_python(text.upper())
    except ValidationError:
        pass
    raise DefinitionError(f"CacheConfig.ExpireAfter is '{text}'; expected an ISO 8601 duration such as P30D")


def look_up(
    kind: str, config: Mapping[str, Any], arguments: Mapping[str, Any], past: Iterable[PastRun], now: datetime
) -> Lookup:
    """Finds the latest run with the same key attributes that has not expired; `past` is sorted, oldest first."""
    if not config.get("Enabled"):
        return Lookup(None, "")
    if kind not in ATTRIBUTES:
        return Lookup(None, f"steps of type {kind} always run here")
    latest_first = list(past)[::-1]
    if not latest_first:
        return Lookup(None, "it has not run before")
    expire = config.get("ExpireAfter")
    oldest = now - lifetime(expire) if expire else None
    fresh = [run for run in latest_first if oldest is None or run.ended > oldest]
    for run in fresh:
        if not changed(kind, run.arguments, arguments):
            return Lookup(run, "")
    if not fresh:
        return Lookup(None, f"its latest run is older than {expire}")
    names = changed(kind, fresh[0].arguments, arguments)
    return Lookup(None, f"{' and '.join(names)} changed since the latest run")


def changed(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the key attributes that differ between two sets of arguments."""
    return [name for name in ATTRIBUTES[kind] if before.get(name) != after.get(name)]
