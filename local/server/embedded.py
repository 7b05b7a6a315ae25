"""Starts the local AWS as a child process, or finds a running one."""

import hmac
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from local.protocol.errors import LocalAwsError
from local.runtime.keys import Key
from local.runtime.ownership import Owner, owner_of

STATE_FILE = "server.json"
LOCK_FILE = "owner.lock"
SETTINGS = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
TOKEN = "AWS_SESSION_TOKEN"  # noqa: S105  # nosec B105
HTTP_PORT = 80
ON_THIS_MACHINE = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?/?")
STOP_SECONDS = 30
START_SECONDS = 30  # until one that starts has written its address; importing moto takes seconds
ANSWER_SECONDS = 10  # for a busy machine; the answer itself takes milliseconds


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS: its address, and environment variables that point AWS clients at it."""

    endpoint_url: str
    environment: dict[str, str]


def running(data: Path) -> LocalAws | None:
    """The local AWS that has a data folder; None if there is none. One that starts is waited for.

    Raises LocalAwsError if there is one, which does not answer: paused, perhaps, or on a very busy machine.
    """
    owner = owner_of(data / LOCK_FILE)
    state = _state(data, owner) if owner else None
    if owner is None or state is None:
        return None
    found = LocalAws(state["endpoint_url"], state["environment"])
    if not answers(found):
        raise LocalAwsError(
            f"The local AWS of {data} ({owner}) is there, but does not answer at {found.endpoint_url}. "
            "Wait until it does, or end that process. Nothing was done to it"
        )
    return found


def read_state(data: Path) -> dict[str, Any]:
    """What the local AWS of a data folder has written about itself. Raises FileNotFoundError."""
    state: dict[str, Any] = json.loads((data / STATE_FILE).read_text(encoding="utf-8"))
    return state


def _state(data: Path, owner: Owner) -> dict[str, Any] | None:
    """The same, of one that may be starting; None if it ended instead. Raises LocalAwsError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            return read_state(data)
        if owner_of(data / LOCK_FILE) != owner:
            return None
        time.sleep(0.1)
    raise LocalAwsError(f"The local AWS of {data} ({owner}) has been starting for {START_SECONDS} s; wait, or end it")


def answers(local_aws: LocalAws) -> bool:
    """Whether the local AWS that gave out this key answers, and not another one or a stranger at its address.

    The key may be the owner's, or one that IAM or STS handed out, such as that of an assumed role: others do not know
    its secret. Asks directly, whatever proxies the shell names.
    """
    try:
        parts = urlsplit(local_aws.endpoint_url)
        key = Key(local_aws.environment["AWS_ACCESS_KEY_ID"], local_aws.environment["AWS_SECRET_ACCESS_KEY"])
        port, nonce = parts.port or HTTP_PORT, secrets.token_hex()
        with closing(HTTPConnection(parts.hostname or "", port, timeout=ANSWER_SECONDS)) as connection:
            connection.request("GET", "/_health?" + urlencode({"key": key.access_key, "nonce": nonce}))
            proof = json.load(connection.getresponse())["proof"]
            return hmac.compare_digest(proof, key.proof(port, nonce))
    except (OSError, ValueError, TypeError, KeyError, HTTPException):
        return False


def shown(variables: Mapping[str, str]) -> LocalAws | None:
    """The local AWS whose settings, as `scones local up` shows them, are in these variables; None without them.

    The keys may be those of an assumed role, with their session token. Other addresses than those of this machine, and
    an address without credentials, are not such settings.
    """
    settings = {key: variables.get(key, "") for key in SETTINGS}
    if not ON_THIS_MACHINE.fullmatch(settings["AWS_ENDPOINT_URL"]) or not all(settings.values()):
        return None
    if token := variables.get(TOKEN):
        settings[TOKEN] = token
    return LocalAws(settings["AWS_ENDPOINT_URL"], settings)


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
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=_environment(),
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
    """This process's environment, with the folder of this project's packages added to PYTHONPATH, and UTF-8."""
    return {
        **os.environ,
        "PYTHONIOENCODING": "utf-8",
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
