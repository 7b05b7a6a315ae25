"""Connections of HTTP clients. Each stays open for further requests, as those of AWS do, where that is safe.

The server of werkzeug closes each connection after one answer, so that each request costs a connection and a thread.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BufferedIOBase
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEPT = 200  # threads, with which connections are no longer kept open: each has one
PIECE = 2**20
PATIENCE = 1.0  # seconds in which a client that has not sent all of a body sends more of it, on a busy machine as well
MOMENT = 0.01  # the same where nobody knows whether there is more
UNREAD = 10**10  # bytes that are read of a body that nobody wants, before the client sees a broken connection
LENGTH = re.compile(r"[0-9]{1,18}")

logger = logging.getLogger(__name__)


class Server(ThreadedWSGIServer):
    """An HTTP server with a thread for each connection. Once it is closed, open connections take no more requests."""

    closed = False

    def server_close(self) -> None:
        """Closes the server."""
        self.closed = True
        super().server_close()


class Body:
    """The stream of a body of known length, which ends where the body ends. `left` counts the bytes not read yet."""

    def __init__(self, stream: BufferedIOBase, length: int) -> None:
        self._stream = stream
        self.left = length

    def read(self, size: int | None = -1) -> bytes:
        """Reads `size` bytes, without a size all; fewer at the end."""
        return self._passed(self._stream.read(self._most(size)))

    def readline(self, size: int | None = -1) -> bytes:
        """Reads up to the end of a line."""
        return self._passed(self._stream.readline(self._most(size)))

    def _most(self, size: int | None) -> int:
        return self.left if size is None or size < 0 else min(size, self.left)

    def _passed(self, data: bytes) -> bytes:
        self.left -= len(data)
        return data


class Handler(MotoRequestHandler):
    """Answers the requests of one connection. Reads them like moto's handler, and does not log them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # the head of an answer and a small body are one packet
    server: Server

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing."""

    def handle_expect_100(self) -> bool:
        """Asks a client for the body that it holds back."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def run_wsgi(self) -> None:
        """Answers one request. If anything about its end is not certain, the connection is closed after the answer."""
        self.close_connection |= self.server.closed or self.request_version != "HTTP/1.1"
        if self.server.closed:
            return
        environ = self.make_environ()
        body = self._body(environ)
        answer = Answer(self, body)
        try:
            self._pass_on(self.server.app(environ, answer.start), answer)
        except ConnectionError:  # of a client that has gone
            raise
        except Exception:
            logger.exception("%s %s", self.command, self.path)
            self.close_connection = True
            if not answer.begun:
                self.send_error(500)
        if self.close_connection:
            self.wfile.flush()
            self._read_the_rest(body.left)

    def _body(self, environ: "WSGIEnvironment") -> Body:
        """Lets the application read no more than the body, and closes later if its end is not where it seems to be."""
        lengths = self.headers.get_all("Content-Length", [])
        known = not lengths or (len(lengths) == 1 and LENGTH.fullmatch(lengths[0]))
        if "Transfer-Encoding" in self.headers or not known:
            self.close_connection = True
            return Body(self.rfile, 0)
        body = Body(self.rfile, int(lengths[0]) if lengths else 0)
        environ["wsgi.input"] = body
        return body

    @staticmethod
    def _pass_on(pieces: Iterable[bytes], answer: "Answer") -> None:
        try:
            for piece in pieces:
                answer.write(piece)
            answer.end()
        finally:
            if close := getattr(pieces, "close", None):
                close()

    def _read_the_rest(self, left: int) -> None:
        """Reads what a client still sends. Otherwise it would see a broken connection instead of the answer."""
        read = 0
        with suppress(TimeoutError):
            while read < UNREAD:
                self.connection.settimeout(PATIENCE if read < left else MOMENT)
                data = self.rfile.read1(PIECE)
                if not data:
                    break
                read += len(data)


class Answer:
    """Writes what the application answers. `begun` says whether its head has been written."""

    def __init__(self, handler: Handler, body: Body) -> None:
        self._handler, self._body = handler, body
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self.begun = False
        self._left: int | None = None  # of the length that the head says
        self._chunked = self._empty = False

    def start(self, status: str, headers: Iterable[tuple[str, str]], _: object = None) -> Callable[[bytes], None]:
        """Takes status and headers, as WSGI's start_response does."""
        self._status, self._headers = status, list(headers)
        return self.write

    def write(self, data: bytes) -> None:
        """Writes a part of the body."""
        if not self.begun:
            self._begin()
        if not data or self._empty:
            return
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)
        if self._left is not None:
            self._left -= len(data)
        self._handler.wfile.flush()

    def end(self) -> None:
        """Ends the answer."""
        self.write(b"")
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")
        if self._left:  # the application has not kept its word, and the client waits for the rest
            self._handler.close_connection = True
        self._handler.wfile.flush()

    def _begin(self) -> None:
        handler, (code, _, reason) = self._handler, self._status.partition(" ")
        handler.send_response(int(code), reason)
        for name, value in self._headers:
            handler.send_header(name, value)
        self._empty = handler.command == "HEAD" or int(code) < 200 or int(code) in (204, 304)
        lengths = [int(value) for name, value in self._headers if name.lower() == "content-length"]
        if not self._empty and lengths:
            self._left = lengths[0]
        elif not self._empty and handler.request_version == "HTTP/1.1":
            self._chunked = True
            handler.send_header("Transfer-Encoding", "chunked")
        if self._body.left or threading.active_count() > KEPT:
            handler.close_connection = True
        if handler.close_connection:
            handler.send_header("Connection", "close")
        handler.end_headers()
        self.begun = True
