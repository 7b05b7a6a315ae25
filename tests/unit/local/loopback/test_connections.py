import socket
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected
from threading import Thread
from typing import Any

import pytest

from local.loopback import connections
from local.loopback.connections import Server
from local.loopback.ports import listen

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
seen: list[str] = []


def application(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answers with what its path asks for."""
    path = environ["PATH_INFO"]
    seen.append(path)
    if path == "/fails":
        raise ZeroDivisionError
    if path == "/no-length":
        start_response("200 OK", [])
        return [b"in ", b"pieces"]
    body = environ["wsgi.input"].read() if path == "/echo" else b"hello"
    length = len(body) + 1 if path == "/too-short" else len(body)
    start_response("200 OK", [("Content-Length", str(length))])
    return [body]


@pytest.fixture
def server() -> Iterator[Server]:
    seen.clear()
    server = listen(0, application)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def answer(client: HTTPConnection, path: str, body: Any = None, **more: Any) -> HTTPResponse:
    client.request("POST" if body else "GET", path, body, **more)
    return client.getresponse()


def raw(server: Server, request: bytes) -> bytes:
    """All that the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("path", ["/", "/no-length", "/echo"])
def test_a_connection_is_kept_for_further_requests(client: HTTPConnection, path: str) -> None:
    bodies, sockets = [], set()
    for _ in range(3):
        bodies.append(answer(client, path, b"echoed" if path == "/echo" else None).read())
        assert client.sock is not None  # http.client closes it if the answer says so
        sockets.add(client.sock.getsockname())
    assert bodies == 3 * [{"/": b"hello", "/no-length": b"in pieces", "/echo": b"echoed"}[path]]
    assert len(sockets) == 1


def test_a_request_for_the_head_alone_keeps_the_connection(client: HTTPConnection) -> None:
    client.request("HEAD", "/")
    head = client.getresponse()
    assert (head.getheader("Content-Length"), head.read(), client.sock is not None) == ("5", b"", True)
    assert answer(client, "/").read() == b"hello"


def test_what_a_body_holds_is_never_taken_for_a_request(server: Server) -> None:
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED)
    answered = raw(server, head + SMUGGLED)
    assert (answered.count(b"HTTP/1.1 200"), b"Connection: close" in answered, seen) == (1, True, ["/"])


@pytest.mark.parametrize(
    "lines", ["Content-Length: 0\r\nContent-Length: 5", "Transfer-Encoding: chunked", "Content-Length: +0"]
)
def test_a_body_without_a_certain_end_closes_the_connection(server: Server, lines: str) -> None:
    answered = raw(server, f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n\r\n".encode() + SMUGGLED)
    assert (answered.count(b"HTTP/1.1 200"), b"Connection: close" in answered, seen) == (1, True, ["/"])


@pytest.mark.parametrize("line", ["HTTP/1.0\r\nConnection: keep-alive", "HTTP/1.1\r\nConnection: close"])
def test_a_client_that_does_not_want_to_go_on_gets_its_answer(server: Server, line: str) -> None:
    assert raw(server, f"GET /no-length {line}\r\n\r\n".encode()).partition(b"\r\n\r\n")[2].replace(b"\r\n", b"") in (
        b"in pieces",
        b"3in 6pieces0",
    )


def test_a_large_body_that_nobody_reads_does_not_hide_the_answer(client: HTTPConnection) -> None:
    assert answer(client, "/", b"x" * 20_000_000).read() == b"hello"


def test_a_client_that_pauses_within_its_body_does_not_see_a_broken_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOMENT", 1e-6)
    monkeypatch.setattr(connections, "PATIENCE", 60.0)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 1_000_000)
        assert connection.recv(65536).endswith(b"hello")  # now the server only waits for the rest
        for _ in range(4):
            time.sleep(0.01)
            connection.sendall(b"x" * 250_000)
        assert connection.recv(65536) == b""


def test_an_answer_shorter_than_it_says_ends(client: HTTPConnection) -> None:
    with pytest.raises(IncompleteRead):
        answer(client, "/too-short").read()


def test_an_application_that_fails_has_its_error_logged(
    client: HTTPConnection, caplog: pytest.LogCaptureFixture
) -> None:
    assert answer(client, "/fails").status == 500
    assert "ZeroDivisionError" in caplog.text
    assert answer(client, "/").read() == b"hello"


def test_a_body_that_the_client_holds_back_is_asked_for(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"PUT /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(65536).endswith(b"\r\n\r\nbody")


def test_a_closed_server_takes_no_more_requests_of_open_connections(client: HTTPConnection, server: Server) -> None:
    answer(client, "/").read()
    server.server_close()
    with pytest.raises(RemoteDisconnected):
        answer(client, "/late")
    assert seen == ["/"]


def test_of_very_many_connections_the_last_ones_are_closed(
    client: HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "KEPT", 1)
    assert answer(client, "/").getheader("Connection") == "close"
