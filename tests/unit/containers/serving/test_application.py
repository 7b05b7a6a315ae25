"""The web application with a model of a few lines, called as a server calls it."""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from uvicorn.config import STARTUP_FAILURE

from containers.serving.access import KEY_VARIABLE
from containers.serving.application import create
from containers.serving.exchange import Exchange

MODEL = """
import gc, json, threading
looked_for_garbage = gc.isenabled()
running, most, alone = [], [], threading.Event()
def model_fn(model_dir, context):
    headers = context.request_processor[0].get_request_properties()
    return model_dir, context.system_properties["model_dir"], headers
def input_fn(body, content_type):
    if content_type == "text/csv": raise ValueError("no table")
    return bytes(body).decode()
def predict_fn(data, model):
    running.append(data)
    most.append(len(running))
    if data == "wait": alone.wait(0.1)
    running.remove(data)
    return {"model": model, "data": data, "most": max(most)}
def output_fn(prediction, accept): return json.dumps(prediction), accept
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder with a model, whose script is named as no other module."""
    (tmp_path / "model" / "code").mkdir(parents=True)
    (tmp_path / "model" / "code" / "model_of_a_test.py").write_text(MODEL)
    monkeypatch.setenv("SAGEMAKER_PROGRAM", "model_of_a_test.py")
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "model_of_a_test", raising=False)
    return str(tmp_path / "model")


def ask(app: Any, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of an answer."""
    return run(asked(app, method, path, body, **headers))


def run(asking: Coroutine[Any, Any, Any]) -> Any:
    """Runs in a thread of its own: in this one a browser of other tests may have left its loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asking).result()


async def asked(
    app: Any, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named, "query_string": b"", "root_path": ""}
    await app(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:])


def test_without_a_key_everybody_is_answered(model: str) -> None:
    app = create()
    assert ask(app, "GET", "/ping")[0] == 200
    assert ask(app, "GET", "/ping", x_model_server_key="any")[0] == 403
    status, headers, body = ask(app, "POST", "/invocations", b"photo", content_type="image/png", accept="text/plain")
    assert (status, json.loads(body)) == (200, {"model": [model, model, {}], "data": "photo", "most": 1})
    assert headers[b"content-type"] == b"text/plain"
    assert ask(app, "GET", "/invocations")[0] == 405
    assert ask(app, "GET", "/other")[0] == 404


def test_a_process_takes_one_request_at_a_time(model: str) -> None:
    async def both() -> list[tuple[int, dict[bytes, bytes], bytes]]:
        requests = (asked(app, "POST", "/invocations", b"wait", accept="application/json") for _ in range(2))
        return await asyncio.gather(*requests)

    app = create()
    assert [json.loads(body)["most"] for _, _, body in run(both())] == [1, 1]


def test_the_models_code_is_found_first(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAGEMAKER_BASE_DIR")
    monkeypatch.setattr("containers.serving.application.BASE", str(Path(model).parent))
    create()
    assert sys.path[0] == f"{model}/code"


def test_garbage_is_looked_for_once_the_model_is_loaded_and_not_among_what_it_has_imported(model: str) -> None:
    before = gc.get_freeze_count()
    create()
    assert gc.isenabled()
    assert not sys.modules["model_of_a_test"].looked_for_garbage
    assert gc.get_freeze_count() > before


def test_what_the_toolkit_is_handed_begins_as_a_success_in_json() -> None:
    exchange = Exchange("model", {"Accept": "text/csv"})
    exchange.set_response_status()
    assert (exchange.status, exchange.content_type) == (200, "application/json")
    assert exchange.request_processor[0].get_request_properties() == {"Accept": "text/csv"}


def test_with_a_key_only_those_who_have_it_are_answered(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    app = create()
    assert KEY_VARIABLE not in os.environ  # the model's code has no use for it
    for key in ({}, {"x_model_server_key": "Secret"}, {"x_model_server_key": "secrét"}):
        assert ask(app, "GET", "/ping", **key)[0] == 403
        status, _, body = ask(app, "POST", "/invocations", b"photo", **key)
        assert (status, body) == (403, b"This server answers those who have its key alone")
    assert ask(app, "GET", "/ping", x_model_server_key="secret")[0] == 200
    assert ask(app, "POST", "/invocations", b"photo", x_model_server_key="secret")[0] == 200


def test_the_models_errors_are_answered_as_text(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, headers, body = ask(create(), "POST", "/invocations", b"1;2", content_type="text/csv")
    assert (status, headers[b"content-type"]) == (500, b"text/plain; charset=utf-8")
    assert b"no table" in body
    assert capsys.readouterr().err == body.decode() + "\n"


def test_a_model_that_cannot_be_loaded_ends_the_process(model: str, caplog: pytest.LogCaptureFixture) -> None:
    Path(model, "code", "model_of_a_test.py").write_text("def model_fn(model_dir): raise ValueError('no weights')")
    with pytest.raises(SystemExit) as ended:
        create()
    assert ended.value.code == STARTUP_FAILURE
    assert gc.isenabled()
    assert "no weights" in caplog.text
