"""HTTP servers on the loopback interface."""

from typing import TYPE_CHECKING

from local.protocol.errors import LocalAwsError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from werkzeug.serving import BaseWSGIServer


def listen(port: int, application: "WSGIApplication") -> "BaseWSGIServer":
    """A server of an application on 127.0.0.1, a thread for each connection; port 0 is a free one.

    Raises LocalAwsError if the port is taken.
    """
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        """moto's request handler, keeping connections open and not logging each request."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # answers are headers and body in two small packets

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    try:
        return make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    except (OSError, SystemExit) as error:
        raise LocalAwsError(f"Port {port} of 127.0.0.1 cannot be listened on; choose another") from error
