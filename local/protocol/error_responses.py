"""Formats errors as the service's protocol does, so that its clients raise the exception that they would on AWS."""

import json
import re
import struct
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from local.protocol.errors import ServiceError

JSON = {"Content-Type": "application/x-amz-json-1.1"}
REST_JSON = re.compile(r"^/(?:\d{4}-\d{2}-\d{2}|endpoints|tags)/")  # paths of Lambda and of SageMaker Runtime


def error_response(error: ServiceError, request: Request) -> Response:
    """An error as XML for S3 and the query protocol, as CBOR for rpc-v2-cbor, otherwise as JSON.

    Reads no body. A request that shows no protocol at all counts as one of S3.
    """
    if request.headers.get("Smithy-Protocol") == "rpc-v2-cbor":
        encoded = _cbor({"__type": error.code, "message": error.message})
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Response(encoded, error.status, headers)
    if is_json(request):
        body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
        return Response(body, error.status, {**JSON, "x-amzn-ErrorType": error.code})
    number = f"<RequestId>{uuid.uuid4()}</RequestId>"
    inner = f"<Code>{_plain(error.code)}</Code><Message>{_plain(error.message)}</Message>"
    if is_query(request):
        text = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>{number}</ErrorResponse>"
        return Response(text, error.status, {"Content-Type": "text/xml"})
    return Response(f"<Error>{inner}{number}</Error>", error.status, {"Content-Type": "application/xml"})


def is_json(request: Request) -> bool:
    """Whether a request is one of a JSON protocol, as far as can be seen without its body."""
    scope = request.headers.get("Authorization") or request.args.get("X-Amz-Credential", "")
    if "/s3/" in scope or "AWSAccessKeyId" in request.args:
        return False
    if "X-Amz-Target" in request.headers or "json" in request.mimetype or REST_JSON.match(request.path):
        return True
    return "/aws4_request" in scope and not is_query(request)


def is_query(request: Request) -> bool:
    """Whether a request is one of the query protocol."""
    return request.mimetype == "application/x-www-form-urlencoded" or "Action" in request.args


def _plain(text: str) -> str:
    """A text for XML, which has no escape for control characters."""
    return escape(re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def _cbor(members: dict[str, str]) -> bytes:
    """A map of a few texts."""
    texts = [text.encode() for pair in members.items() for text in pair]
    return bytes([0xA0 + len(members)]) + b"".join(b"\x7a" + struct.pack(">I", len(text)) + text for text in texts)
