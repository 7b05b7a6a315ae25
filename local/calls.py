"""Which operation of which service an HTTP request calls, and with which members."""

import functools
import io
import re
from dataclasses import dataclass, field

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel

from local.errors import ServiceError
from local.json_types import Json, Record
from local.protocol import read, service_model

SCOPE = re.compile(r"(?:Credential=|^)(?P<key>[^/ ]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True)
class Call:
    """A call of an operation; `access_key` tells by whom. Most of S3's have neither operation nor members."""

    service: str
    access_key: str
    operation: str = ""
    members: Record = field(default_factory=dict)


def read_call(request: Json) -> Call | None:
    """The call in a signed request, by the protocol that its service speaks; None if it is not signed.

    `service` is the name that requests are signed for. Raises ServiceError for a call of the JSON protocol that is
    not signed: nothing would tell whose it is.
    """
    scope = request.headers.get("Authorization") or request.args.get("X-Amz-Credential", "")  # of a presigned URL
    signed = SCOPE.search(scope)
    target = request.headers.get("X-Amz-Target", "")
    if signed is None:
        if target:
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
        return None
    service, key = signed["service"], signed["key"]
    notification = request.method == "PUT" and "notification" in request.args
    if service == "s3" and not notification:  # bodies may be large, and say nothing of what is asked for
        return Call(service, key)
    body = request.get_data()
    replace_body(request, body)  # for moto to read it again
    if service == "s3":
        return Call(service, key, "PutBucketNotificationConfiguration", {"Body": body.decode()})
    if target:
        return Call(service, key, target.rpartition(".")[2], read(body))
    if operation := request.form.get("Action"):
        return Call(service, key, operation, request.form.to_dict())
    if match := re.search(r"/operation/(?P<name>\w+)$", request.path):
        return Call(service, key, match["name"], _cbor(body))
    return Call(service, key, *_rest(service, request))


def replace_body(request: Json, body: bytes) -> None:
    """Give moto another body to read."""
    request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _cbor(body: bytes) -> Record:
    from botocore.parsers import BaseCBORParser

    parser = BaseCBORParser()
    members: Record = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    return members


def _rest(service: str, request: Json) -> tuple[str, Record]:
    """The operation of a REST service whose method and path fit best, and its members."""
    for method, pattern, model in _routes("sagemaker-runtime" if service == "sagemaker" else service):
        match = pattern.fullmatch(request.path.rstrip("/"))
        if match and method == request.method:
            return model.name, _rest_members(model, request, match.groupdict())
    return "Unknown", {}


@functools.cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], OperationModel]]:
    """Methods, patterns of paths and operations, the most specific first."""
    try:
        model = service_model(service)
    except UnknownServiceError:  # some services sign for another name than their models have
        return []
    found = []
    for operation in map(model.operation_model, model.operation_names):
        path = operation.http["requestUri"].partition("?")[0].rstrip("/")
        pattern = re.compile(re.sub(r"\{(\w+)\+?\}", r"(?P<\1>.+)", path))
        found.append((operation.http["method"], pattern, operation))
    return sorted(found, key=lambda each: (each[1].groups, -len(each[1].pattern)))


def _rest_members(model: OperationModel, request: Json, in_path: dict[str, str]) -> Record:
    """The members of a REST request, in its path, query, headers and body."""
    shape = model.input_shape
    if shape is None:
        return {}
    is_json = model.service_model.metadata["protocol"] == "rest-json" and "payload" not in shape.serialization
    in_body = read(request.get_data()) if is_json else {}
    places = {"uri": in_path, "querystring": request.args, "header": request.headers}
    members = {}
    for name, member in shape.members.items():
        place = places.get(member.serialization.get("location", ""), in_body)
        value = place.get(member.serialization.get("name", name))
        if value is not None:
            members[name] = value
    return members
