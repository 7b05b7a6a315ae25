"""Keeps web pages out, and lets none read an answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from local.loopback.pages import why_refused
from local.protocol.errors import ServiceError
from local.protocol.json_types import Record

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def refuse_pages(environ: Record, port: int) -> None:
    """Raises ServiceError AccessDenied for a request that a web page may have made."""
    if reason := why_refused(environ, port):
        raise ServiceError("AccessDenied", f"The local AWS does not answer web pages: {reason}", 403)


def without_permissions(start_response: "StartResponse") -> "StartResponse":
    """Starts a response without the headers that would let pages read it; moto adds them to all of its own."""

    def start(status: str, headers: Iterable[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401
        kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
        return start_response(status, kept, *more)

    return start
