"""Starts the local AWS as a child process, or finds a running one."""

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local.protocol.errors import LocalAwsError
from local.runtime.context import environment

STATE_FILE = "server.json"
STOP_SECONDS = 30


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS: its address, and environment variables that point AWS clients at it."""

    endpoint_url: str
    environment: dict[str, str]


def running(data: Path) -> LocalAws | None:
    """The local AWS that runs with a data folder; None if there is none."""
    try:
        state = json.loads((data / STATE_FILE).read_text())
        with urllib.request.urlopen(f"{state['endpoint_url']}/_health", timeout=5) as answer:  # noqa: S310
            if json.load(answer)["pid"] != state["pid"]:
                return None
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return None
    return LocalAws(state["endpoint_url"], environment(state["endpoint_url"], state["region"]))


@contextmanager
def start(
    data: Path, region: str, output: Callable[[str], None] = lambda _: None, *, enforce_iam: bool = False
) -> Iterator[LocalAws]:
    """Runs a local AWS within a `with` block. It also ends if this process ends, for whatever reason.

    `output` is called with each line that it prints. Raises LocalAwsError if it does not start.
    """
    argv = [sys.executable, "-m", "local", "--data", str(data), "--region", region, "--exit-with-stdin"]
    if enforce_iam:
        argv.append("--enforce-iam")
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    )
    try:
        found, complaints = _first_answer(process)
        if found is None:
            raise LocalAwsError(f"The local AWS did not start: {complaints}")
        threading.Thread(target=_pass_on, args=(process, output), daemon=True).start()
        yield found
    finally:
        _stop(process)


def _first_answer(process: "subprocess.Popen[str]") -> tuple[LocalAws | None, str]:
    last: deque[str] = deque(maxlen=5)
    for line in process.stdout or ():
        if line.startswith('{"endpoint_url"'):
            return LocalAws(**json.loads(line)), ""
        last.append(line.strip())
    return None, " ".join(last) or f"it ended with exit code {process.wait()} and said nothing"


def _environment() -> dict[str, str]:
    """This process's environment, with the folder of this project's packages added to PYTHONPATH."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]),
    }


def _pass_on(process: "subprocess.Popen[str]", output: Callable[[str], None]) -> None:
    for line in process.stdout or ():
        output(line.rstrip("\n"))


def _stop(process: "subprocess.Popen[str]") -> None:
    if process.stdin:
        with suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
