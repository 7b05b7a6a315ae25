"""The JSON protocol of AWS, by botocore's models: reads and checks requests, and shapes answers."""

import functools
import json
import re
from collections.abc import Iterator
from datetime import datetime

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_types import Json, Record

# Names of botocore's models that differ from the service's signing name.
MODELS = {
    "states": ("stepfunctions",),
    "sagemaker": ("sagemaker", "sagemaker-runtime"),
    "monitoring": ("cloudwatch",),
}
FAILED = "Value '{}' at '{}' failed to satisfy constraint: Member must {}"


@functools.cache
def operation_model(service: str, operation: str) -> OperationModel:
    """The botocore model of an operation; `service` is its signing name. Raises ServiceError."""
    for model in map(get_service_model, MODELS.get(service, (service,))):
        if operation in model.operation_names:
            return model.operation_model(operation)
    raise ServiceError("UnknownOperationException", f"{service} has no operation '{operation}'")


def read(body: bytes) -> Record:
    """Reads the request in a JSON body; members that are null count as absent. Raises ServiceError."""
    try:
        request = json.loads(body or b"{}", object_hook=_without_nulls)
    except ValueError as error:
        raise ServiceError("SerializationException", f"The request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object")
    return request


def _without_nulls(members: Record) -> Record:
    return {name: value for name, value in members.items() if value is not None}


def check(model: OperationModel, request: Record) -> None:
    """Raises ValidationError if the request does not match the operation's model."""
    if model.input_shape and (text := complaint(model.input_shape, request)):
        raise ValidationError(text)


def complaint(shape: Shape, value: Json) -> str:
    """Says how a value does not match its model; empty if it does.

    botocore checks types and members, with the messages of its clients. Values are checked here, with AWS's messages.
    """
    if (report := ParamValidator().validate(value, shape)).has_errors():
        text: str = report.generate_report()
        return text
    problems = list(_problems(shape, value, ""))
    count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
    return count + "; ".join(problems) if problems else ""


def _problems(shape: Shape, value: Json, path: str) -> Iterator[str]:
    """Describes each invalid value; the types have been checked."""
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            yield from _problems(shape.members[name], item, f"{path}.{_lower(name)}".lstrip("."))
        return
    yield from (FAILED.format(value, path, wanted) for wanted in _unmet(shape.metadata, value))
    if isinstance(shape, ListShape):
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}.{index + 1}.member")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}.member")


def _unmet(constraints: Record, value: Json) -> Iterator[str]:
    """The constraints that a value does not satisfy; botocore has checked minimums."""
    if (allowed := constraints.get("enum")) and value not in allowed:
        yield f"satisfy enum value set: [{', '.join(allowed)}]"
    pattern = _compiled(constraints.get("pattern", ""))
    if pattern and isinstance(value, str) and not pattern.fullmatch(value):
        yield f"satisfy regular expression pattern: {pattern.pattern}"
    most = constraints.get("max")
    size, noun = (value, "value") if isinstance(value, int | float) else (len(value) if most else 0, "length")
    if most is not None and size > most:
        yield f"have {noun} less than or equal to {most}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Compiles a pattern; None if it is empty, or has Java's Unicode classes (for tags and texts), which `re` lacks."""
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def shaped(shape: Shape | None, value: Json) -> Json:
    """The members of `value` that the shape has; empty without a shape. Timestamps become seconds since 1970."""
    if shape is None:
        return {}
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
    """Parses a request's timestamp, which may be seconds since 1970 or ISO 8601."""
    from botocore.utils import parse_timestamp

    return None if value is None else parse_timestamp(value)
