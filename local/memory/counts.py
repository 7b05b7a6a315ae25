"""How many things of each kind are remembered, for people."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def _executions(backend: Any) -> list[Any]:  # noqa: ANN401
    return [execution for machine in backend.state_machines for execution in machine.executions]


# For each kind of thing: moto's service, and the things of one of its backends.
OF_MOTO: dict[str, tuple[str, Callable[[Any], Iterable[Any]]]] = {
    "buckets": ("s3", lambda backend: backend.buckets),
    "objects": ("s3", lambda backend: [key for bucket in backend.buckets.values() for key in bucket.keys]),
    "roles": ("iam", lambda backend: backend.roles),
    "queues": ("sqs", lambda backend: backend.queues),
    "functions": ("awslambda", lambda backend: backend.list_functions()),
    "state machines": ("stepfunctions", lambda backend: backend.state_machines),
    "workflow executions": ("stepfunctions", _executions),
    "event rules": ("events", lambda backend: [rule for bus in backend.event_buses.values() for rule in bus.rules]),
    "alarms": ("cloudwatch", lambda backend: backend.alarms),
    "stacks": ("cloudformation", lambda backend: backend.stacks),
    "log groups": ("logs", lambda backend: backend.groups),
}
# The same for our own services, of which each keeps a dictionary or list of some name.
OWN = {
    "model versions": ("registry", "packages"),
    "endpoints": ("endpoints", "endpoints"),
    "pipelines": ("pipelines", "pipelines"),
    "pipeline executions": ("pipelines", "executions"),
    "training jobs": ("training", ""),
    "processing jobs": ("processing", ""),
}


def count(state: Mapping[str, Any]) -> dict[str, int]:
    """The number of things of each kind in a state, without those of which there are none."""
    found: dict[str, int] = {}
    for kind, (service, things) in OF_MOTO.items():
        accounts = state["moto"].get(service, {"accounts": {}})["accounts"]
        backends = [backend for regions in accounts.values() for backend in regions.values()]
        found[kind] = sum(len(list(things(backend))) for backend in backends)
    for kind, (service, member) in OWN.items():
        kept = state["own"].get(service, {})
        found[kind] = len(kept[member] if member and kept else kept)
    return {kind: number for kind, number in found.items() if number}
