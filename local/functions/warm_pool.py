"""Keeps Lambda workers warm: reuses idle workers, and ends those that were idle for too long."""

import io
import re
import shutil
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from local.functions.configuration import PRINCIPAL, Function, Package
from local.functions.workers import Result, Worker
from local.protocol.errors import ServiceError
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.runtime.periodic import Periodic

IDLE_SECONDS = 300


class WorkerPool:
    """The workers of all functions."""

    def __init__(self, context: Context, logs: Logs) -> None:
        self._context = context
        self._logs = logs
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._running: Counter[str] = Counter()  # running invocations of each function
        self._lock = Lock()
        self._sweeper = Periodic("ending idle workers", self._sweep, IDLE_SECONDS / 10)
        self._sweeper.start()

    def run(self, function: Function, request_id: str, payload: bytes) -> Result:
        """Runs a function once. Raises ServiceError if its reserved concurrency is used up."""
        with self._lock:
            if function.reserved is not None and self._running[function.name] >= function.reserved:
                raise ServiceError("TooManyRequestsException", "Rate Exceeded.", 429)
            self._running[function.name] += 1
        try:
            worker = self._take(function) or self._start(function)
            result = worker.invoke(request_id, payload)
            self._give_back(worker)
        finally:
            with self._lock:
                self._running[function.name] -= 1
        return result

    def close(self) -> None:
        """Ends all workers."""
        self._sweeper.close()
        self._drop(list(self._all))

    def _take(self, function: Function) -> Worker | None:
        """Takes an idle worker of the function, if there is one. Ends the workers of its earlier versions."""
        with self._lock:
            mine = [worker for worker in self._idle if worker.function.name == function.name]
            usable = [worker for worker in mine if worker.function == function and worker.alive]
            outdated = [worker for worker in mine if worker not in usable]
            self._idle = [worker for worker in self._idle if worker not in (*usable[-1:], *outdated)]
        self._drop(outdated)
        return usable[-1] if usable else None

    def _start(self, function: Function) -> Worker:
        log = self._logs.stream(function.log_group, f"{now():%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}")
        aws = self._context.child_environment(function.role, PRINCIPAL, function.arn)
        layers = [self._unpack("layer", layer) / "python" for layer in function.layers]
        worker = Worker(function, self._unpack(function.name, function.package), layers, aws, log)
        with self._lock:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        if worker.alive:
            with self._lock:
                self._idle.append(worker)
        else:
            self._drop([worker])

    def _drop(self, workers: Collection[Worker]) -> None:
        """Ends workers, all at the same time because each takes a moment."""
        if not workers:
            return
        with ThreadPoolExecutor(len(workers)) as pool:
            list(pool.map(Worker.stop, workers))
        with self._lock:
            self._all.difference_update(workers)

    def _sweep(self) -> None:
        oldest = time.monotonic() - IDLE_SECONDS
        with self._lock:
            tired = [worker for worker in self._idle if worker.idle_since < oldest]
            self._idle = [worker for worker in self._idle if worker not in tired]
        self._drop(tired)

    def _unpack(self, name: str, package: Package) -> Path:
        folder = self._context.work / "functions" / re.sub(r"\W", "-", f"{name}-{package.digest[:16]}")
        with self._lock:
            if not folder.is_dir():
                fresh = folder.with_name(f"{folder.name}.new")
                shutil.rmtree(fresh, ignore_errors=True)
                zipfile.ZipFile(io.BytesIO(package.code)).extractall(fresh)  # names cannot leave the folder
                fresh.rename(folder)
        return folder
