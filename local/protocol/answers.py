"""Looks at the answers of moto as a client does, and turns what it could not understand into typed errors.

That is an answer that its parser cannot read, and an error without a code. The error names the operation.
"""

import functools
import logging
import re
from collections.abc import Iterator

from botocore.awsrequest import HeadersDict
from botocore.model import Shape, StructureShape
from botocore.parsers import ResponseParser, ResponseParserError, create_parser
from werkzeug.wrappers import Response

from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record
from local.protocol.operations import Named

NOT_FOUND = 404
PAGE = (b"<!doctype html", b"<html")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
READABLE = 8 * 2**20  # bytes of an answer that is read; one that is larger is no mistake

logger = logging.getLogger(__name__)


def not_implemented(operation: Named) -> ServiceError:
    """The refusal of an operation that the local AWS does not have."""
    text = f"The local AWS does not implement {operation.operation} of {operation.service}"
    return ServiceError("NotImplemented", text, 501)


def defect(operation: Named, reason: str) -> ServiceError:
    """The error for an operation that the local AWS has, but that failed."""
    text = f"The local AWS failed in {operation.operation} of {operation.service}: {reason}"
    return ServiceError("InternalFailure", text, 500)


def check_answer(response: Response, operation: Named) -> None:
    """Raises ServiceError if a client could not tell what an answer says."""
    status = response.status_code
    if status < 300:
        _check_success(response, operation)
    elif status >= 400 and re.fullmatch(r"\d*", _code(response, operation)):
        raise _untyped(response, operation)


def failure(error: Exception, operation: Named, members: Record) -> ServiceError:
    """The error for an exception that moto raised and that no client can be meant to see."""
    if isinstance(error, NotImplementedError) or type(error).__name__ == "OperationNotFoundError":
        return not_implemented(operation)
    missing = error.args[0] if isinstance(error, KeyError) and error.args else None
    if isinstance(missing, str) and REGION.fullmatch(missing):
        return ServiceError("NotImplemented", f"The local AWS has no {operation.service} in {missing}", 501)
    code = _code_of_status(operation, NOT_FOUND)
    if code and isinstance(missing, str) and missing in _texts(members):
        logger.warning("%s of %s", operation.operation, operation.service, exc_info=error)
        return ServiceError(code, f"There is no '{missing}', which {operation.operation} names", NOT_FOUND)
    logger.error("%s of %s", operation.operation, operation.service, exc_info=error)
    return defect(operation, f"{type(error).__name__}: {error}")


def _check_success(response: Response, operation: Named) -> None:
    model = operation.model
    body = b"" if model is None or model.has_streaming_output else response.get_data()
    if _is_page(body):
        raise not_implemented(operation)
    if model is None or len(body) > READABLE:
        return
    try:
        _parsed(response, operation, model.output_shape)
    except (ResponseParserError, ValueError, TypeError, LookupError, AttributeError) as error:
        logger.exception("the answer of %s of %s", operation.operation, operation.service)
        raise defect(operation, f"its answer cannot be read: {error}") from error


def _is_page(body: bytes) -> bool:
    return body[:100].lstrip().lower().startswith(PAGE)


def _code(response: Response, operation: Named) -> str:
    """The code that a client finds in an answer that is an error; empty if there is none."""
    try:
        return str(_parsed(response, operation, None)["Error"].get("Code") or "")
    except (ResponseParserError, ValueError, TypeError, LookupError, AttributeError):
        return ""


def _parsed(response: Response, operation: Named, shape: Shape | None) -> Json:
    answer = {
        "headers": HeadersDict(dict(response.headers)),
        "status_code": response.status_code,
        "body": response.get_data(),
        "context": {"operation_name": operation.operation},
    }
    return _parser(operation.protocol).parse(answer, shape)


@functools.cache
def _parser(protocol: str) -> ResponseParser:
    return create_parser(protocol)


def _untyped(response: Response, operation: Named) -> ServiceError:
    """The error that an answer without a code stands for: the operation's own for that status, if it has one."""
    status, text = response.status_code, response.get_data()
    logger.warning("%s of %s answered %s: %s", operation.operation, operation.service, status, text[:500])
    if status >= 500 and status != 501:
        return defect(operation, "moto failed")
    code = "" if _is_page(text) else _code_of_status(operation, status)
    message = text.decode("utf-8", "replace").strip() or f"{operation.operation} answered {status}"
    return ServiceError(code, message, status) if code else not_implemented(operation)


def _code_of_status(operation: Named, status: int) -> str:
    """The code of an operation's error with an HTTP status; empty if its model has none."""
    shapes: list[StructureShape] = operation.model.error_shapes if operation.model else []
    found = (shape for shape in shapes if shape.metadata.get("error", {}).get("httpStatusCode") == status)
    shape = next(found, None) or (_named_not_found(shapes) if status == NOT_FOUND else None)
    return str(shape.error_code or shape.name) if shape else ""


def _named_not_found(shapes: list[StructureShape]) -> StructureShape | None:
    """The error that says by its name that something is not there; models of JSON and query have no status."""
    return next((shape for shape in shapes if "NotFound" in shape.name or "NoSuch" in shape.name), None)


def _texts(value: Json) -> Iterator[str]:
    """All texts in the members of a request."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, str):
            yield item
        else:
            yield from _texts(item)
