"""Rejects operations and members of requests that would be accepted but have no effect here. The error names them.

The table is members.yaml. Values that ask for nothing (false, empty) are always accepted.
"""

import functools
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from botocore.model import ListShape, Shape, StructureShape

from local.protocol.errors import ValidationError
from local.protocol.json_protocol import operation_model
from local.protocol.json_types import Json, Record

TABLE = Path(__file__).with_name("members.yaml")
NOTHING: tuple[Json, ...] = (None, False, "", [], {})
ACCEPTED = True


@functools.cache
def table() -> dict[str, Record]:
    """The rules for each service and operation; members.yaml explains them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the former is ten times faster, where the system has it
    read: dict[str, Record] = yaml.load(TABLE.read_text("utf-8"), loader)  # noqa: S506  # nosec B506
    return read


def admit(service: str, operation: str, request: Record) -> None:
    """Raises ValidationError for an operation or a member of its request that has no effect here.

    `service` is the signing name. Members that the operation's model does not have are not checked.
    """
    rule = table().get(service, {}).get(operation, ACCEPTED)
    if rule == "refused":
        raise ValidationError(f"The local AWS does not execute {operation}")
    if rule is ACCEPTED:
        return
    for problem in _problems(operation_model(service, operation).input_shape, request, rule, ""):
        raise ValidationError(f"The local AWS does not act upon {problem} of {operation}")


def member_rule(rule: Json, name: str) -> Json:
    """The rule for a member of a structure: ACCEPTED, allowed values, rules for its members, or None if refused."""
    if rule is None or name in (*rule.get("executed", ()), *rule.get("recorded", ())):
        return rule and ACCEPTED
    return rule.get(name)


def _problems(shape: Shape | None, value: Json, rule: Json, path: str) -> Iterator[str]:
    """The paths of the members that a rule refuses. For nested members it is the outermost one; lists are not shown."""
    if rule is ACCEPTED or value in NOTHING or (rule and is_reference(value)):
        return
    if isinstance(rule, list):
        if not any(fnmatchcase(str(value), each) for each in rule):
            yield f"{path} {value!r} (only {' or '.join(rule)})"
    elif isinstance(shape, StructureShape) and isinstance(value, dict):
        for name in (name for name in value if name in shape.members):
            below = f"{path}.{name}".lstrip(".") if rule else path
            yield from _problems(shape.members[name], value[name], member_rule(rule, name), below)
    elif isinstance(shape, ListShape) and isinstance(shape.member, StructureShape) and isinstance(value, list):
        for item in value:
            yield from _problems(shape.member, item, rule, path)
    else:
        yield path


def is_reference(value: Json) -> bool:
    """Whether a value is a reference in a CloudFormation template, which may stand for any value."""
    return isinstance(value, dict) and any(key.startswith(("Ref", "Fn::")) for key in value)
