"""Which definition an ARN stands for: that of a machine, of one of its versions, or of what an alias chooses."""

import copy
import random
from dataclasses import dataclass
from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record

PARTS = 7  # of the ARN of a machine


@dataclass(frozen=True)
class Route:
    """A machine, and the version and alias by which it is called, if any."""

    machine: Any
    version: Any = None
    alias: Any = None

    def snapshot(self) -> Any:
        """The machine as it is now, for an execution: later changes are not for that."""
        machine = copy.copy(self.machine)
        if self.version:
            machine.definition, machine.roleArn = self.version.definition, self.version.roleArn
        return machine

    def members(self) -> Record:
        """What descriptions of an execution say of it."""
        version = {"stateMachineVersionArn": self.version.arn} if self.version else {}
        return version | ({"stateMachineAliasArn": self.alias.arn} if self.alias else {})


def route(backend: Any, arn: str) -> Route:
    """What an ARN stands for. Raises ServiceError if there is no such thing."""
    backend._validate_machine_arn(arn)
    owner, name = ":".join(arn.split(":")[:PARTS]), ":".join(arn.split(":")[PARTS:])
    machine = next((each for each in backend.state_machines if each.arn == owner), None)
    if machine and not name:
        return Route(machine)
    if machine and name.isdecimal() and (version := machine.versions.get(int(name))):
        return Route(machine, version)
    if machine and (alias := machine.aliases.get(name)):
        return Route(machine, _chosen(machine, alias.routing_configuration), alias)
    raise missing(arn)


def missing(arn: str) -> ServiceError:
    """The error for an ARN of no machine."""
    return ServiceError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def _chosen(machine: Any, routing: list[Record]) -> Any:
    weights = [int(each["weight"]) for each in routing]
    (row,) = random.choices(routing, weights)  # noqa: S311 - traffic, no secret  # nosec B311
    number = int(row["stateMachineVersionArn"].rpartition(":")[2])
    if number not in machine.versions:
        raise missing(row["stateMachineVersionArn"])
    return machine.versions[number]
