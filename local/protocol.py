"""The JSON protocol of the AWS APIs, by botocore's service models: requests checked, answers shaped, errors worded."""

import functools
import json
import re
from collections.abc import Iterator
from datetime import datetime

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from local.errors import ServiceError, ValidationError
from local.json_types import Json, Record

TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "character": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": (int, float, str, datetime),
    "blob": (str, bytes),
}


@functools.cache
def service_model(service: str) -> ServiceModel:
    """The botocore model of a service."""
    from botocore.session import get_session

    return get_session().get_service_model(service)


@functools.cache
def operation_model(service: str, operation: str) -> OperationModel:
    """The botocore model of an operation; raises ServiceError for an unknown one."""
    model = service_model(service)
    if operation not in model.operation_names:
        raise ServiceError("UnknownOperationException", f"{service} has no operation '{operation}'")
    return model.operation_model(operation)


def read(body: bytes) -> Record:
    """The request in a JSON body; raises ServiceError."""
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", f"The request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object")
    return request


def check(model: OperationModel, request: Record) -> None:
    """Raise ValidationError, worded as AWS does, where the request breaks the operation's model."""
    if model.input_shape is None:
        return
    problems = list(_problems(model.input_shape, request, ""))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
        raise ValidationError(count + "; ".join(problems))


def _problems(shape: Shape, value: Json, path: str) -> Iterator[str]:
    if not _has_type(value, TYPES[shape.type_name]):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must be of type {shape.type_name}"
    elif isinstance(shape, StructureShape):
        yield from _structure_problems(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _size_problem(shape, len(value), value, path)
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}.{index + 1}.member")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}.member")
    else:
        yield from _scalar_problems(shape, value, path)


def _has_type(value: Json, expected: type | tuple[type, ...]) -> bool:
    return isinstance(value, expected) and (expected is bool or not isinstance(value, bool))


def _structure_problems(shape: StructureShape, value: Record, path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        inner = f"{path}.{_lower(name)}" if path else _lower(name)
        if value.get(name) is not None:
            yield from _problems(member, value[name], inner)
        elif name in shape.required_members:
            yield f"Value null at '{inner}' failed to satisfy constraint: Member must not be null"


def _scalar_problems(shape: Shape, value: Json, path: str) -> Iterator[str]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield (
            f"Value '{value}' at '{path}' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(allowed)}]"
        )
    pattern = shape.metadata.get("pattern")
    if pattern and isinstance(value, str) and (compiled := _compiled(pattern)) and not compiled.fullmatch(value):
        yield (
            f"Value '{value}' at '{path}' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {pattern}"
        )
    if isinstance(value, str):
        yield from _size_problem(shape, len(value), value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool) and shape.type_name != "timestamp":
        yield from _size_problem(shape, value, value, path)


def _size_problem(shape: Shape, size: float, value: Json, path: str) -> Iterator[str]:
    noun = "value" if isinstance(value, int | float) else "length"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    constraint = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have {noun}"
    if least is not None and size < least:
        yield f"{constraint} greater than or equal to {least}"
    if most is not None and size > most:
        yield f"{constraint} less than or equal to {most}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None where it uses Java's Unicode classes, which `re` lacks (tags and free texts)."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def shaped(shape: Shape | None, value: Json) -> Json:
    """The part of `value` that a shape has, ready for JSON; timestamps become seconds since 1970."""
    if isinstance(shape, StructureShape):
        return {
            name: shaped(member, value[name]) for name, member in shape.members.items() if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [shaped(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: shaped(shape.value, item) for key, item in value.items()}
    return value.timestamp() if isinstance(value, datetime) else value


def timestamp(value: Json) -> datetime | None:
    """A request's timestamp, which clients send as seconds since 1970 or as ISO 8601."""
    from botocore.utils import parse_timestamp

    return None if value is None else parse_timestamp(value)
