"""Checks the XML of requests to S3 that configure something: another document than the operation's is MalformedXML.

moto takes any document for the right one, and fails where it looks for an element that is not there.
"""

import functools
from collections.abc import Iterator

import xmltodict
from botocore.model import ListShape, OperationModel, Shape, StructureShape
from moto.core.request import Request
from moto.core.utils import get_service_model

from local.protocol.errors import ServiceError
from local.protocol.json_types import Json

# Other operations are named by a parameter without a value in their address.
PARAMETERS = {"CompleteMultipartUpload": "uploadId"}
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
Documents = dict[str, StructureShape]  # by the name of the root element


def documents_of(request: Request) -> Documents:
    """The documents that a request may have as its body; none if its body, if any, is no XML."""
    if not request.args and request.path.count("/") == 1:
        return _documents().get((request.method, ""), {})
    return next((found for name in request.args if (found := _documents().get((request.method, name)))), {})


def checked(body: bytes, documents: Documents) -> bytes:
    """The body, which must be one of the documents or empty, for moto to read.

    Raises ServiceError MalformedXML, and what the parser raises where the body is no XML at all.
    """
    if not body.strip():
        return body
    ((root, content),) = xmltodict.parse(body).items()
    if root not in documents:
        raise malformed(f"the root is {root}, not {' or '.join(documents)}")
    _check(documents[root], content, root)
    # moto reads an element with neither children nor attributes as None.
    return f'<{root} xmlns="{NAMESPACE}"/>'.encode() if content is None else body


def malformed(reason: str) -> ServiceError:
    """The error for a document that is not what the operation takes."""
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return ServiceError("MalformedXML", f"{text}: {reason}", 400)


@functools.cache
def _documents() -> dict[tuple[str, str], Documents]:
    """The documents that S3 takes, by the method and the parameter of the address that names the operation.

    CreateBucket has no parameter.
    """
    model = get_service_model("s3")
    found: dict[tuple[str, str], Documents] = {}
    for operation in map(model.operation_model, model.operation_names):
        query = operation.http["requestUri"].partition("?")[2]
        parameter = PARAMETERS.get(operation.name) or query.partition("&")[0]
        for root, shape in _payload(operation):
            found.setdefault((operation.http["method"], parameter), {})[root] = shape
    return found


def _payload(operation: OperationModel) -> Iterator[tuple[str, StructureShape]]:
    """The root element of an operation's body and its shape, if the body is XML."""
    members = operation.input_shape
    payload = members.serialization.get("payload") if members else None
    if isinstance(members, StructureShape) and payload:
        shape = members.members[payload]
        if isinstance(shape, StructureShape):
            yield shape.serialization.get("name", payload), shape


def _check(shape: Shape, content: Json, path: str) -> None:
    """Whether an element has all children that it must have, and no others."""
    if isinstance(shape, ListShape):
        name = shape.member.serialization.get("name", "member")
        _check_children({name: (shape.member, False)}, content, path)
    if isinstance(shape, StructureShape):
        tags = {_tag(member, name): (member, name in shape.required_members) for name, member in shape.members.items()}
        _check_children(tags, content, path)


def _check_children(tags: dict[str, tuple[Shape, bool]], content: Json, path: str) -> None:
    children = _children(content, path)
    for tag, (_, required) in tags.items():
        if required and tag not in children:
            raise malformed(f"{path} has no {tag}")
    for tag, value in children.items():
        if tag not in tags:
            raise malformed(f"{path} has an element {tag}")
        shape = tags[tag][0]
        if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
            shape = shape.member
        for each in value if isinstance(value, list) else [value]:
            _check(shape, each, f"{path}/{tag}")


def _children(content: Json, path: str) -> dict[str, Json]:
    """The children of an element, and those attributes that are members of a shape."""
    if isinstance(content, str) or (isinstance(content, dict) and "#text" in content):
        raise malformed(f"{path} has text")
    return {tag: value for tag, value in (content or {}).items() if not tag.startswith("@xmlns")}


def _tag(member: Shape, name: str) -> str:
    """The name that a member has in xmltodict's mapping."""
    return ("@" if member.serialization.get("xmlAttribute") else "") + str(member.serialization.get("name", name))
