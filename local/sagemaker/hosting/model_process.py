"""One model server: unpacks a model into a private folder, serves it in a process, and restarts the process."""

import io
import secrets
import shutil
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import urllib3

from containers.serving.access import KEY_HEADER, KEY_VARIABLE
from containers.serving.processes import ONE_THREAD
from local.loopback.ports import free_port
from local.protocol.errors import JobError
from local.runtime.context import now
from local.runtime.logs import LogStream
from local.runtime.processes import Child, base_environment, describe_exit

STARTUP_SECONDS = 600
REQUEST_SECONDS = 60  # longest time of an invocation
SERVE = (sys.executable, "-m", "containers.serving", "serve", "--host", "127.0.0.1", "--workers", "1", "--port")
SHORTEST_LIFE = 2  # seconds; a server that dies sooner than this is restarted after the same time


class ModelProcess:
    """A model server on a port of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], log: LogStream, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._environment = environment
        self._log = log
        self._say = say
        self.trouble: dict[str, object] = {}  # a VariantStatus while the server is being restarted
        self._stopped = False
        self._port = 0
        self._child: Child | None = None
        self._key = {KEY_HEADER: secrets.token_urlsafe()}
        self._pool = urllib3.PoolManager(maxsize=64, retries=False, block=False)

    def start(self, archive: bytes, seconds: int = STARTUP_SECONDS) -> None:
        """Unpacks `model.tar.gz`, starts the server, and waits until /ping answers 200.

        Raises JobError with the end of the log if that takes longer than `seconds`, or the server ends.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        model = self._folder / "model"
        model.mkdir(parents=True)
        unpack(archive, model)
        try:
            self._launch(seconds)
        except JobError:
            self.stop()
            raise
        Thread(target=self._watch, daemon=True).start()

    def request(self, body: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """Posts to /invocations. Raises urllib3.exceptions.HTTPError if the server does not answer."""
        url = f"http://127.0.0.1:{self._port}/invocations"
        return self._pool.request("POST", url, body=body, headers={**headers, **self._key}, timeout=REQUEST_SECONDS)

    def stop(self) -> None:
        """Ends the process and removes its folder."""
        self._stopped = True
        if self._child:
            self._child.stop()
            self._child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _launch(self, seconds: int) -> None:
        self._port = free_port()
        environment = {**base_environment(), **ONE_THREAD, **self._environment}
        environment["SAGEMAKER_BASE_DIR"] = str(self._folder)
        environment[KEY_VARIABLE] = self._key[KEY_HEADER]
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
        self._child = Child((*SERVE, str(self._port)), environment, self._folder, self._log.write)
        if self._stopped:  # meanwhile
            self._child.stop()
        deadline = time.monotonic() + seconds
        while not self._answers():
            if not self._child.alive:
                ending = describe_exit(self._child.wait())
                raise JobError(f"the model server ended with {ending}: {chr(10).join(self._log.tail[-6:])}")
            if time.monotonic() > deadline:
                raise JobError(f"no answer to /ping within {seconds} s: {chr(10).join(self._log.tail[-6:])}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self._port}/ping"
            return self._pool.request("GET", url, headers=self._key, timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def _watch(self) -> None:
        """Restarts the server whenever it dies."""
        while self._child and not self._stopped:
            began = time.monotonic()
            code = self._child.wait()
            if self._stopped:
                return
            text = f"model server died with {describe_exit(code)}; it is being restarted"
            self.trouble = {"Status": "Updating", "StatusMessage": text, "StartTime": now()}
            self._say(text)
            time.sleep(0 if time.monotonic() - began > SHORTEST_LIFE else SHORTEST_LIFE)
            try:
                self._launch(STARTUP_SECONDS)
            except JobError as error:
                self.trouble["StatusMessage"] = text = f"model server does not come back: {error}"[:1024]
                self._say(text)
            else:
                self.trouble = {}
                self._say("model server is back")


def unpack(archive: bytes, folder: Path) -> None:
    """Extracts a model archive. Raises JobError, also if a member would leave the folder."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:*") as tar:
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise JobError(f"the model archive cannot be unpacked: {error}") from error
