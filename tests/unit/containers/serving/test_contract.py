"""The server as a hosting container runs it: SageMaker's contract, kept by real processes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3

from containers.serving.__main__ import parse
from containers.serving.processes import WORKERS
from local.loopback.ports import free_port

ROOT = Path(__file__).parents[4]
SLOW = """
import json, os, pathlib, time
def model_fn(model_dir): return pathlib.Path(model_dir, "weights").read_text()
def input_fn(body, content_type): return float(body)
def predict_fn(seconds, model):
    time.sleep(seconds)
    return [model, os.getpid()]
def output_fn(prediction, accept): return json.dumps(prediction), "application/json"
"""
Start = Callable[[str, int], subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """`start(code, workers)`: `serve` with a model of this code, on so many processes."""
    started: list[subprocess.Popen[str]] = []

    def serve(code: str, workers: int) -> subprocess.Popen[str]:
        (tmp_path / "model" / "code").mkdir(parents=True)
        (tmp_path / "model" / "weights").write_text("mine")
        (tmp_path / "model" / "code" / "inference.py").write_text(code)
        given = {"SAGEMAKER_BASE_DIR": str(tmp_path), "SAGEMAKER_BIND_TO_PORT": str(port), WORKERS: str(workers)}
        command = (sys.executable, "-m", "containers.serving", "serve", "--host", "127.0.0.1")
        environment = os.environ | given | {"PYTHONPATH": str(ROOT)}
        started.append(
            subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
        )
        return started[-1]

    yield serve
    for each in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGKILL)  # its processes, too, which hold its standard error open
        each.communicate()


def ask(port: int, seconds: float) -> urllib3.BaseHTTPResponse:
    url = f"http://127.0.0.1:{port}/invocations"
    return urllib3.request("POST", url, body=str(seconds), retries=False, timeout=30)


def wait_for_ping(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if urllib3.request("GET", f"http://127.0.0.1:{port}/ping", retries=False, timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_two_processes_answer_and_end_gracefully(start: Start, port: int) -> None:
    server = start(SLOW, 2)
    wait_for_ping(port)
    with ThreadPoolExecutor(8) as pool:
        processes: set[int] = set()
        deadline = time.monotonic() + 60
        while len(processes) < 2 and time.monotonic() < deadline:  # one may be ready long before the other
            answers = [json.loads(each.data) for each in pool.map(ask, [port] * 16, [0.02] * 16)]
            assert {model for model, _ in answers} == {"mine"}
            processes |= {process for _, process in answers}
        assert len(processes) == 2
        last = pool.submit(ask, port, 1.5)
        time.sleep(0.5)
        server.send_signal(signal.SIGTERM)
        assert json.loads(last.result().data)[0] == "mine"
    assert server.wait(timeout=30) == 0
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(port, 0)


def test_processes_end_when_the_one_that_started_them_was_killed(start: Start, port: int) -> None:
    server = start(SLOW, 2)
    wait_for_ping(port)
    server.kill()
    server.communicate(timeout=60)  # all that hold its standard error have ended


def test_a_model_that_cannot_be_loaded_ends_the_server(start: Start) -> None:
    server = start("def model_fn(model_dir): raise ValueError('no weights')", 1)
    _, said = server.communicate(timeout=60)
    assert "ValueError: no weights" in said
    assert server.returncode == 3


def test_sagemaker_starts_it_with_one_word() -> None:
    options = parse({WORKERS: "3"}, ["serve"])
    assert (options.host, options.port, options.workers) == ("0.0.0.0", 8080, 3)
    assert parse({"SAGEMAKER_BIND_TO_PORT": "8090"}, ["serve"]).port == 8090
    with pytest.raises(SystemExit):
        parse({}, ["train"])
