"""The loopback interface: HTTP servers, and ports that are free."""

import socket
from typing import TYPE_CHECKING

from local.protocol.errors import LocalAwsError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from local.loopback.connections import Server


def free_port() -> int:
    """Returns a port that nobody listens on now. Others can take it, so it should be used soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listen(port: int, application: "WSGIApplication") -> "Server":
    """Makes a server for an application on 127.0.0.1, with a thread for each connection. Port 0 takes a free one.

    Raises LocalAwsError if the port is in use.
    """
    from local.loopback.connections import Handler, Server

    try:
        return Server("127.0.0.1", port, application, Handler)
    except (OSError, SystemExit) as error:
        raise LocalAwsError(f"Cannot listen on port {port} of 127.0.0.1; choose another port") from error
