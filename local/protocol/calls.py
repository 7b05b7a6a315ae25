"""Maps an HTTP request to an AWS operation and its members."""

import io
import struct
from dataclasses import dataclass, field

from botocore.parsers import ResponseParserError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request

from local.protocol.documents import too_deep
from local.protocol.errors import ServiceError
from local.protocol.json_protocol import read
from local.protocol.json_types import Json, Record
from local.protocol.operations import RPC_PATH, rest_operation
from local.protocol.s3_documents import checked, documents_of

# Operations of S3 whose members are looked at, by the root of their XML, which is the only member.
CHECKED = {
    "NotificationConfiguration": "PutBucketNotificationConfiguration",
    "LifecycleConfiguration": "PutBucketLifecycleConfiguration",
}


@dataclass(frozen=True)
class Call:
    """A call of an operation. `access_key` identifies the caller. Most calls of S3 have no operation and no members."""

    service: str
    access_key: str
    operation: str = ""
    members: Record = field(default_factory=dict)


def read_call(request: Request, service: str, key: str) -> Call:
    """Reads the call in a request that is signed with an access key for a service. Raises ServiceError."""
    try:
        return _read(request, service, key)
    except (ValueError, TypeError, LookupError, AttributeError, struct.error, ResponseParserError) as error:
        code = "MalformedXML" if service == "s3" else "SerializationException"
        raise ServiceError(code, f"The request cannot be read: {error}") from error
    except RecursionError as error:
        raise too_deep() from error


def _read(request: Request, service: str, key: str) -> Call:
    target = request.headers.get("X-Amz-Target", "")
    documents = documents_of(request) if service == "s3" else {}
    if service == "s3" and not documents:  # bodies may be large, and are not needed to authorize the request
        return Call(service, key)
    body = checked(request.get_data(), documents) if documents else request.get_data()
    replace_body(request, body)  # for moto to read it again
    if documents:
        named = [operation for root, operation in CHECKED.items() if root in documents]
        return Call(service, key, named[0], {"Body": body.decode()}) if named else Call(service, key)
    if target:
        return Call(service, key, target.rpartition(".")[2], read(body))
    if request.mimetype == "application/x-www-form-urlencoded":
        body.decode()  # moto would take it for empty if it were not UTF-8
    if operation := request.form.get("Action"):
        return Call(service, key, operation, request.form.to_dict())
    if match := RPC_PATH.search(request.path):
        return Call(service, key, match["operation"], _cbor(body))
    return Call(service, key, *_rest(service, request))


def replace_body(request: Request, body: bytes) -> None:
    """Replaces the body of a request, for moto to read."""
    request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _cbor(body: bytes) -> Record:
    from botocore.parsers import BaseCBORParser

    parser = BaseCBORParser()
    members: Record = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    return members


def _rest(service: str, request: Request) -> tuple[str, Record]:
    """Reads operation and members of a REST request from its path, query, headers and body."""
    found = rest_operation(request, service)
    if found is None:
        return "Unknown", {}
    model, in_path = found
    given: Json = {
        "body": request.get_data(),
        "headers": request.headers,
        "url_params": in_path,
        "values": request.args,
    }
    return model.name, PROTOCOL_PARSERS[model.service_model.protocol](model).parse(given)
