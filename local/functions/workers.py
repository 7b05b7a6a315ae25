"""Lambda workers: a process with AWS's runtime interface client, which gets its events from a Runtime API here.

Runtime API: "Using the Lambda runtime API for custom runtimes" in AWS's developer guide, version 2018-06-01.
"""

import json
import os
import queue
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from werkzeug.wrappers import Request, Response

from local.functions.configuration import Function
from local.functions.limits import too_large
from local.functions.platform_logs import report_lines, start_lines
from local.loopback.ports import listen
from local.runtime.logs import LogStream
from local.runtime.processes import Child, base_environment

MEGABYTE = 2**20
MEASURE_SECONDS = 0.05  # between measurements of a function's memory
INIT_SECONDS = 60  # AWS allows 10; imports are slower on a busy machine


@dataclass(frozen=True)
class Result:
    """A function's result: a JSON payload, whether it is an error, the log of the invocation, and what it took."""

    payload: bytes
    error: bool = False
    log: str = ""
    milliseconds: float = 0.0


@dataclass
class Invocation:
    """One event on its way to a function."""

    id: str
    payload: bytes
    delivered: Event = field(default_factory=Event)
    results: queue.Queue[Result] = field(default_factory=lambda: queue.Queue(1))


class Worker:
    """A process of a function. It runs one invocation at a time and can be reused."""

    def __init__(
        self, function: Function, code: Path, layers: Sequence[Path], aws: Mapping[str, str], log: LogStream
    ) -> None:
        self.function = function
        self.log = log
        self.idle_since = time.monotonic()
        self._lines: list[str] = []
        self._waiting: queue.Queue[Invocation | None] = queue.Queue()
        self._current: Invocation | None = None
        self._broken = False
        self._peak = 0.0
        self._server = listen(0, Request.application(self._runtime_api))
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        path = {"PYTHONPATH": os.pathsep.join(map(str, layers))} if layers else {}
        environment = {**base_environment(), **path, **dict(function.variables), **aws, **self._reserved(code)}
        self._child = Child((sys.executable, "-m", "awslambdaric", function.handler), environment, code, self._on_line)
        Thread(target=self._watch, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process can take another invocation."""
        return self._child.alive and not self._broken

    def invoke(self, request_id: str, payload: bytes) -> Result:
        """Runs the function once. Afterwards the worker is not alive if the function timed out or its process died."""
        self._lines = []
        self._write(start_lines(self.function, request_id))
        began = time.monotonic()
        invocation = self._current = Invocation(request_id, payload)
        if self.alive:
            self._waiting.put(invocation)
        else:
            self._fail(self._child.wait())
        result = self._result(invocation)
        self._child.catch_up()  # so that its own lines stand before the report
        self._peak = max(self._peak, self._child.memory() / MEGABYTE)
        self._current = None
        milliseconds = (time.monotonic() - began) * 1000
        error = json.loads(result.payload) if result.error else {}
        if error and self._broken and self.function.log_format == "Text":
            self._on_line(error["errorMessage"])
        kind = error.get("errorType", "Unhandled") if result.error else ""
        self._write(report_lines(self.function, request_id, milliseconds, self._peak, kind))
        self.idle_since = time.monotonic()
        return Result(result.payload, result.error, "\n".join(self._lines), milliseconds)

    def stop(self) -> None:
        """Ends the process."""
        self._broken = True
        self._waiting.put(None)
        self._child.stop()
        self._server.shutdown()
        self._server.server_close()

    def _runtime_api(self, request: Request) -> Response:
        """Answers the process: gives it the next invocation, or takes a result."""
        if request.method == "GET":
            return self._next()
        if request.path.endswith("/init/error"):
            self._broken = True  # it exits after this
        self._report(request.get_data(), error=request.path.endswith("/error"))
        return Response(status=202)

    def _next(self) -> Response:
        invocation = self._waiting.get()
        if invocation is None:
            return Response(status=410)  # the process is being killed
        invocation.delivered.set()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + self.function.timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.function.arn,
            "Content-Type": "application/json",
        }
        return Response(invocation.payload, 200, headers)

    def _report(self, payload: bytes, *, error: bool) -> None:
        """Takes the result of the current invocation."""
        if self._current is not None and self._current.results.empty():
            refused = too_large(payload)
            self._current.results.put(Result(refused or payload, error or refused is not None))

    def _result(self, invocation: Invocation) -> Result:
        # The function's timeout counts from when it gets the event, not while its process starts.
        started = invocation.delivered.wait(INIT_SECONDS) or not invocation.results.empty()
        deadline = time.monotonic() + (self.function.timeout if started else 0.1)
        while (left := deadline - time.monotonic()) > 0:
            with suppress(queue.Empty):
                return invocation.results.get(timeout=min(MEASURE_SECONDS, left))
            self._peak = max(self._peak, self._child.memory() / MEGABYTE)
            if self._peak > self.function.memory:
                self._child.stop()
        self._broken = True
        self._child.stop()
        text = f"Task timed out after {self.function.timeout}.00 seconds" if started else "Init timed out"
        return Result(_error("Sandbox.Timedout", f"RequestId: {invocation.id} Error: {text}"), error=True)

    def _watch(self) -> None:
        self._fail(self._child.wait())

    def _fail(self, code: int) -> None:
        self._broken = True
        if self._current is not None:
            cause = f"signal: {signal.strsignal(code - 128)}".lower() if code > 128 else f"exit status {code}"
            text = f"RequestId: {self._current.id} Error: Runtime exited with error: {cause}"
            self._report(_error("Runtime.ExitError", text), error=True)
            self._current.delivered.set()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._on_line(line)

    def _on_line(self, line: str) -> None:
        line = line.replace("\r", "\n")  # the client joins the lines of a stack trace by \r
        self._lines.append(line)
        self.log.write(line)

    def _reserved(self, code: Path) -> dict[str, str]:
        return {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.port}",
            "AWS_LAMBDA_FUNCTION_NAME": self.function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.function.memory),
            "AWS_LAMBDA_LOG_FORMAT": self.function.log_format,
            "AWS_LAMBDA_LOG_GROUP_NAME": self.log.group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log.name,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
            "LAMBDA_TASK_ROOT": str(code),
            "_HANDLER": self.function.handler,
            "TZ": ":UTC",
        }


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
