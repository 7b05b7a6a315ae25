"""Formats errors as the service's protocol does, so that its clients raise the exception that they would on AWS."""

import json
import re
import struct
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from local.protocol.errors import ServiceError
from local.protocol.operations import is_form, rest_protocol, signed_for

JSON = {"Content-Type": "application/x-amz-json-1.1"}
REST_JSON = re.compile(r"^/(?:\d{4}-\d{2}-\d{2}|endpoints|tags)/")  # paths of Lambda and of SageMaker Runtime


def error_response(error: ServiceError, request: Request) -> Response:
    """An error as XML for S3, REST-XML and the query protocols, as CBOR for rpc-v2-cbor, otherwise as JSON.

    Reads no body. A request that shows no protocol at all counts as one of S3. The header with the code is for clients
    of JSON whose requests show none.
    """
    if request.headers.get("Smithy-Protocol") == "rpc-v2-cbor":
        encoded = _cbor({"__type": error.code, "message": error.message})
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Response(encoded, error.status, headers)
    typed = {"x-amzn-ErrorType": error.code}
    if is_json(request):
        body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
        # An answer to HEAD has no body. Clients then look for the code in the header, unless the status is 5xx.
        status = 400 if request.method == "HEAD" and error.status >= 500 else error.status
        return Response(body, status, {**JSON, **typed})
    headers = {"Content-Type": "text/xml" if is_query(request) else "application/xml", **typed}
    return Response(_xml(error, request), error.status, headers)


def _xml(error: ServiceError, request: Request) -> str:
    identifier = uuid.uuid4()
    inner = f"<Code>{_plain(error.code)}</Code><Message>{_plain(error.message)}</Message>"
    service = signed_for(request)
    if service == "ec2":
        return f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{identifier}</RequestID></Response>"
    number = f"<RequestId>{identifier}</RequestId>"
    if is_query(request) or service not in ("", "s3"):
        return f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>{number}</ErrorResponse>"
    return f"<Error>{inner}{number}</Error>"


def is_json(request: Request) -> bool:
    """Whether a request is one of a JSON protocol, as far as can be seen without its body."""
    service = signed_for(request)
    if service == "s3":
        return False
    if "X-Amz-Target" in request.headers or "json" in request.mimetype or REST_JSON.match(request.path):
        return rest_protocol(service) != "rest-xml"
    return bool(service) and not is_query(request) and rest_protocol(service) != "rest-xml"


def is_query(request: Request) -> bool:
    """Whether a request is one of the query protocol."""
    return is_form(request) or "Action" in request.args


def _plain(text: str) -> str:
    """A text for XML, which has no escape for control characters."""
    return escape(re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def _cbor(members: dict[str, str]) -> bytes:
    """A map of a few texts."""
    texts = [text.encode() for pair in members.items() for text in pair]
    return bytes([0xA0 + len(members)]) + b"".join(b"\x7a" + struct.pack(">I", len(text)) + text for text in texts)
