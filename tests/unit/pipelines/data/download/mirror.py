"""A server of one file on the loopback interface, which may misbehave. It runs in threads of this process."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mirror:
    """What the server does. Each answer ends after `most` bytes; `statuses` are answered before anything else is.

    `asked` are the ranges that were asked for, and `told` the headers of the last request. A part
    is said to be `content_range`, where it is given; nothing is said where that is empty.
    """

    content: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"1"'})
    most: int | None = None
    ranges: bool = True
    content_range: str | None = None
    chunked: bool = False
    statuses: list[int] = field(default_factory=list)
    after: Callable[[], None] = lambda: None
    asked: list[str | None] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mirror: Mirror

    def do_GET(self) -> None:
        mirror = self.mirror
        mirror.asked.append(self.headers["Range"])
        mirror.told = dict(self.headers)
        self.close_connection = True
        if mirror.statuses:
            self.send_error(mirror.statuses.pop(0))
            return
        start = self.start()
        self.send_response(206 if start else 200)
        for name, value in mirror.headers.items():
            self.send_header(name, value)
        body = mirror.content[start:]
        if start:
            true = f"bytes {start}-{len(mirror.content) - 1}/{len(mirror.content)}"
            if told := true if mirror.content_range is None else mirror.content_range:
                self.send_header("Content-Range", told)
        self.send_header(*(("Transfer-Encoding", "chunked") if mirror.chunked else ("Content-Length", str(len(body)))))
        self.end_headers()
        self.wfile.write(self.framed(body[: mirror.most]))
        mirror.after()

    def start(self) -> int:
        """Where to begin: only if the client still has the version that there is now."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        same = self.headers["If-Range"] in {self.mirror.headers.get("ETag"), self.mirror.headers.get("Last-Modified")}
        return int(found[1]) if found and same and self.mirror.ranges else 0

    def framed(self, body: bytes) -> bytes:
        return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if self.mirror.chunked else body

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """The server, until the block ends. `mirror.url` says where it is."""
    handler = type("OfThisMirror", (Handler,), {"mirror": mirror})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mirror.url = f"http://127.0.0.1:{server.server_port}/kriz/cifar-100-python.tar.gz"
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()
