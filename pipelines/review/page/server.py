"""Serves the review's page on the loopback interface."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from pipelines.errors import SconesError
from pipelines.review.page.application import ReviewPage
from pipelines.review.session import Session

ADDRESS = "127.0.0.1"
IDLE_SECONDS = 60  # until a connection over which nothing comes is closed
POLL_SECONDS = 0.05  # between looks whether the server shall end


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection: browsers open some on which they send nothing."""

    daemon_threads = True


class Handler(WSGIRequestHandler):
    """Says nothing of each request."""

    timeout = IDLE_SECONDS

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Says nothing."""


@contextmanager
def serving(session: Session, why_refused: Callable[[Mapping[str, Any], int], str], port: int = 0) -> Iterator[str]:
    """Serves a session's page until the block ends; yields the page's address. Port 0 takes a free one.

    `why_refused` says of a request to a port why it is refused; empty if it is not. Raises SconesError if the port is
    in use.
    """
    key = secrets.token_urlsafe(24)
    try:
        server = Server((ADDRESS, port), Handler)
    except OSError as error:
        raise SconesError(f"cannot listen on port {port} of {ADDRESS} ({error}); choose another port") from error
    with server:
        bound = server.server_port
        server.set_app(ReviewPage(session, key, lambda environ: why_refused(environ, bound)))
        thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield f"http://{ADDRESS}:{bound}/{key}/"
        finally:
            server.shutdown()
            thread.join()
