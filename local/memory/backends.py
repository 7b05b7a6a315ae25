"""What moto's services hold, by service, account and region."""

from typing import Any

from local.memory.pickling import service, service_name

# Temporary credentials, which are made anew at each start, and moto's own switches.
FORGOTTEN = ("sts", "moto_api", "instance_metadata")
# Members that all of moto's collections of backends have. Others, such as the owners of buckets, are state.
PLAIN = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}

State = dict[str, dict[str, Any]]


def gather() -> State:
    """The backends of all services that were asked for anything. S3 comes last: what refers to objects is older."""
    from moto.core import base_backend

    kinds: Any = base_backend
    named = [(service_name(each), each) for each in list(kinds.BackendDict._instances)]
    found = {name: each for name, each in named if name not in FORGOTTEN and service(name) is each}
    return {name: _of_service(found[name]) for name in sorted(found, key=lambda name: (name == "s3", name))}


def _of_service(backends: Any) -> dict[str, Any]:  # noqa: ANN401
    more = {name: value for name, value in vars(backends).items() if name not in PLAIN}
    return {"more": more, "accounts": {account: dict(regions) for account, regions in list(backends.items())}}


def put_back(state: State) -> None:
    """Gives the services what `gather` has found."""
    for name, found in state.items():
        backends = service(name)
        vars(backends).update(found["more"])
        for account, regions in found["accounts"].items():
            for region, backend in regions.items():
                backends[account][region] = backend


def of(name: str) -> list[Any]:
    """The backends of a service in all accounts and regions; none if it was never asked for anything."""
    accounts = gather().get(name, {"accounts": {}})["accounts"]
    return [backend for regions in accounts.values() for backend in regions.values()]
