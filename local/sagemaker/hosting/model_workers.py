"""The model servers of a variant: one process for each core, as in AWS's containers."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import urllib3

from containers.serving.processes import worker_count
from local.runtime.logs import LogStream
from local.sagemaker.hosting.model_process import STARTUP_SECONDS, ModelProcess


class ModelWorkers:
    """Several servers of the same model. A request goes to the least busy healthy one."""

    def __init__(self, folder: Path, environment: dict[str, str], log: LogStream, say: Callable[[str], None]) -> None:
        numbers = range(worker_count(environment, os.environ))  # the model's before this shell's
        self._workers = [ModelProcess(folder / str(number), environment, log, say) for number in numbers]
        self._folder = folder
        self._requests = dict.fromkeys(self._workers, 0)
        self._lock = Lock()

    @property
    def trouble(self) -> dict[str, object]:
        """The VariantStatus of a server that is being restarted; empty if all are healthy."""
        return next((worker.trouble for worker in self._workers if worker.trouble), {})

    def start(self, archive: bytes, seconds: int = STARTUP_SECONDS) -> None:
        """Starts all servers at once. If one does not become healthy, stops all of them and raises JobError."""
        with ThreadPoolExecutor(len(self._workers)) as pool:
            starts = [pool.submit(worker.start, archive, seconds) for worker in self._workers]
        failures = [error for each in starts if (error := each.exception())]
        if failures:
            self.stop()
            raise failures[0]

    def request(self, body: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """Posts to /invocations. Raises urllib3.exceptions.HTTPError if the server does not answer."""
        with self._lock:
            worker = min(self._workers, key=lambda each: (bool(each.trouble), self._requests[each]))
            self._requests[worker] += 1
        try:
            return worker.request(body, headers)
        finally:
            with self._lock:
                self._requests[worker] -= 1

    def stop(self) -> None:
        """Ends all processes and removes their folders."""
        with ThreadPoolExecutor(len(self._workers)) as pool:
            list(pool.map(ModelProcess.stop, self._workers))
        shutil.rmtree(self._folder, ignore_errors=True)
