"""Members of requests and answers.

moto: parameters and answers are left in botocore's spelling and types, so that nested executions and objects of S3
fail. AWS: members are spelled as those of the SDK for Java with a capital letter first (`ExecutionArn`, `ETag`,
`SsekmsKeyId`); a body is the JSON text of what is given; null is nothing; an answer is plain JSON.
"""

import base64
import functools
import re
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local.protocol.json_types import Json, Record
from local.states.language.times import text
from local.states.mending import replace


def mend() -> None:
    """Lets the engine spell members as AWS does."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
        StateTaskService,
    )

    replace(StateTaskService, "_normalise_parameters", _request)
    replace(StateTaskService, "_normalise_response", _answer)


def _request(
    self: Any, parameters: Record, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    for name in [name for name, value in parameters.items() if value is None]:
        del parameters[name]
    if shape := _model(self, boto_service_name, service_action_name).input_shape:
        self._to_boto_request(parameters, shape)


def _answer(
    self: Any, response: Json, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    if isinstance(response, dict):
        shaped = answer(response, _model(self, boto_service_name, service_action_name).output_shape)
        response.clear()
        response.update(shaped)


def _model(task: Any, service: str | None, action: str | None) -> OperationModel:
    return operation(task._get_boto_service_name(service), task._get_boto_service_action(action))


@functools.cache
def operation(service: str, action: str) -> OperationModel:
    """The model of an operation, by the name that a client of boto3 gives it."""
    from botocore import xform_name
    from moto.core.utils import get_service_model

    model = get_service_model(service)
    names = {xform_name(name).replace("_", ""): name for name in model.operation_names}
    return model.operation_model(names[action.replace("_", "")])


def answer(value: Json, shape: Shape | None) -> Json:
    """An answer of boto3 as the result of a task. Members that the shape does not have stay as they are."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        return {
            (cased(name) if name in members else name): answer(item, members.get(name)) for name, item in value.items()
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [answer(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {name: answer(item, shape.value) for name, item in value.items()}
    if isinstance(value, datetime):
        return text(value)
    if hasattr(value, "read"):
        value = value.read()
    return _decoded(value) if isinstance(value, bytes) else value


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return base64.b64encode(content).decode()


def cased(name: str) -> str:
    """A member's name as results of tasks spell it: of several capitals only the first, and the one of a new word."""
    capitals = re.match(r"[A-Z]{2,}", name)
    if capitals is None:
        return name[:1].upper() + name[1:]
    end = capitals.end() - (name[capitals.end() : capitals.end() + 1].islower())
    return name[0] + name[1:end].lower() + name[end:]
