"""Which operation of which service an HTTP request calls, and with which members."""

import functools
import io
import re
from dataclasses import dataclass, field

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import RestRouter
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from local.protocol.errors import ServiceError
from local.protocol.json_protocol import read
from local.protocol.json_types import Json, Record

SCOPE = re.compile(r"(?:Credential=|^)(?P<key>[^/ ]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True)
class Call:
    """A call of an operation; `access_key` tells by whom. Most of S3's have neither operation nor members."""

    service: str
    access_key: str
    operation: str = ""
    members: Record = field(default_factory=dict)


def read_call(request: Request) -> Call | None:
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


def replace_body(request: Request, body: bytes) -> None:
    """Give moto another body to read."""
    request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _cbor(body: bytes) -> Record:
    from botocore.parsers import BaseCBORParser

    parser = BaseCBORParser()
    members: Record = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    return members


def _rest(service: str, request: Request) -> tuple[str, Record]:
    """The operation of a REST service, and its members in path, query, headers and body."""
    try:
        model, in_path = _router("sagemaker-runtime" if service == "sagemaker" else service).match(request)
    except (UnknownServiceError, NotFound):  # some services sign for another name than their models have
        return "Unknown", {}
    given: Json = {
        "body": request.get_data(),
        "headers": request.headers,
        "url_params": in_path,
        "values": request.args,
    }
    return model.name, PROTOCOL_PARSERS[model.service_model.protocol](model).parse(given)


@functools.cache
def _router(service: str) -> RestRouter:
    return RestRouter(get_service_model(service))
