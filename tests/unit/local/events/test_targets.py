import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.events.targets import Targets, refuse_target, target_input
from local.protocol.errors import ValidationError
from local.runtime.context import Context
from local.runtime.measured import unmeasured

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
EVENT = {"id": "1", "time": "2026-01-02T03:04:05Z", "detail": {"a": {"b": [1, 2]}}, "detail-type": "T", "source": "s"}


def test_what_a_target_gets() -> None:
    assert json.loads(target_input({}, EVENT)) == EVENT
    assert target_input({"Input": '{"x": 1}'}, EVENT) == '{"x": 1}'
    assert json.loads(target_input({"InputPath": "$.detail.a"}, EVENT)) == {"b": [1, 2]}
    transformer = {"InputPathsMap": {"first": "$.detail.a.b[0]"}, "InputTemplate": '{"n": <first>}'}
    assert json.loads(target_input({"InputTransformer": transformer}, EVENT)) == {"n": 1}


def test_targets_that_are_not_known_are_refused() -> None:
    refuse_target({"Id": "1", "Arn": FUNCTION, "RetryPolicy": {}})
    with pytest.raises(ValidationError, match=r"events to lambda, sqs, sns, sagemaker, states, not to arn:aws:ecs"):
        refuse_target({"Id": "1", "Arn": "arn:aws:ecs:eu-west-1:1:cluster/c"})


@pytest.fixture
def service() -> Iterator[tuple[int, list[str]]]:
    """An HTTP server that answers 429 twice and then 202; its port, and the paths it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            paths.append(self.path)
            self.send_response(429 if len(paths) < 6 else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, paths
    server.shutdown()
    server.server_close()


def test_a_delivery_is_tried_again(service: tuple[int, list[str]], tmp_path: Path) -> None:
    port, paths = service
    context = Context(tmp_path, "eu-west-1", port)
    Targets(context, unmeasured).deliver("arn:aws:events:eu-west-1:1:rule/r", {"Id": "1", "Arn": FUNCTION}, EVENT)
    assert len(paths) == 6  # the client itself tries three times
    said = (tmp_path / "logs" / "local-aws.log").read_text()
    assert "event rule r: T to f" in said
