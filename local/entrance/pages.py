"""Keeps web pages out. A browser on this machine reaches the loopback interface for every page that it shows.

A page can send requests anywhere, but the browser names the page in them: in `Origin`, or in `Host` if the page made
its own domain name point to 127.0.0.1 (DNS rebinding). Other clients send the address that they were given.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

# Clients with the printed settings use the address in the path style of S3 alone, whatever style they are set to.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def refuse_pages(environ: Record, port: int) -> None:
    """Raises ServiceError AccessDenied for a request that a web page may have made."""
    hosts = {f"{name}:{port}" for name in LOOPBACK}
    host = environ.get("HTTP_HOST", "")
    if host.lower() not in hosts:
        raise _refusal(f"the Host header names '{host[:100]}', which is not this server")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() not in {f"http://{name}" for name in hosts}:
        raise _refusal(f"a page of '{origin[:100]}' made the request")
    if environ["REQUEST_METHOD"] == "OPTIONS":
        raise _refusal("no page may ask for permission (CORS is not enabled)")


def without_permissions(start_response: "StartResponse") -> "StartResponse":
    """Starts a response without the headers that would let pages read it; moto adds them to all of its own."""

    def start(status: str, headers: Iterable[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401
        kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
        return start_response(status, kept, *more)

    return start


def _refusal(reason: str) -> ServiceError:
    return ServiceError("AccessDenied", f"The local AWS does not answer web pages: {reason}", 403)
