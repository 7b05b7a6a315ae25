"""Tells requests that a web page may have made. A browser here reaches the loopback interface for every page it shows.

A page can send requests anywhere, but the browser names the page in them: in `Origin`, or in `Host` if the page made
its own domain name point to 127.0.0.1 (DNS rebinding). Other clients send the address that they were given.
"""

from collections.abc import Mapping
from typing import Any

# Clients with the printed settings use the address in the path style of S3 alone, whatever style they are set to.
HOSTS = ("127.0.0.1", "localhost", "[::1]")


def why_refused(environ: Mapping[str, Any], port: int) -> str:
    """Why a request to a server on a loopback port is refused, from its WSGI environment; empty if it is not."""
    hosts = {f"{name}:{port}" for name in HOSTS}
    host = environ.get("HTTP_HOST", "")
    if host.lower() not in hosts:
        return f"the Host header names '{host[:100]}', which is not this server"
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() not in {f"http://{name}" for name in hosts}:
        return f"a page of '{origin[:100]}' made the request"
    if environ["REQUEST_METHOD"] == "OPTIONS":
        return "no page may ask for permission (CORS is not enabled)"
    return ""
