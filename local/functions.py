"""Lambda's Invoke: functions that moto's Lambda knows, run by workers that stay warm."""

import base64
import io
import json
import re
import shutil
import time
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote

from local.context import Context, now
from local.errors import ServiceError
from local.json_types import Record
from local.logs import Logs
from local.targets import send
from local.workers import FunctionVersion, Result, Worker

MOST_BYTES = 6 * 1024 * 1024
IDLE_SECONDS = 300
ASYNC_RETRIES = 2
PRINCIPAL = "lambda.amazonaws.com"


class FunctionService:
    """Invokes functions, however they were created: by the API or by CloudFormation."""

    def __init__(self, context: Context, logs: Logs) -> None:
        self._context = context
        self._logs = logs
        self._idle: dict[str, list[Worker]] = {}
        self._all: set[Worker] = set()
        self._lock = Lock()
        self._sweeper: Thread | None = None

    def invoke(self, name_or_arn: str, payload: bytes, request_id: str = "") -> Result:
        """Run a function and wait for its answer; raises ServiceError."""
        function, code = self._function(name_or_arn)
        if len(payload) > MOST_BYTES:
            text = f"Request must be smaller than {MOST_BYTES} bytes for the InvokeFunction operation"
            raise ServiceError("RequestTooLargeException", text, 413)
        worker = self._take(function, code)
        result = worker.invoke(request_id or str(uuid.uuid4()), _checked(payload))
        self._give_back(worker)
        if result.error:
            self._say_error(function.name, result.payload)
        return result

    def invoke_later(self, name_or_arn: str, payload: bytes, request_id: str) -> None:
        """Run a function in the background, again after an error, as InvocationType Event does; raises ServiceError."""
        self._function(name_or_arn)
        _checked(payload)
        Thread(target=self._retry, args=(name_or_arn, payload, request_id), daemon=True).start()

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            workers, self._all, self._idle = self._all, set(), {}
        for worker in workers:
            worker.stop()

    def _retry(self, name_or_arn: str, payload: bytes, request_id: str) -> None:
        """As Lambda's asynchronous invocation does: two more attempts, then the destination for failures."""
        config = self._event_config(name_or_arn)
        attempts = config.get("MaximumRetryAttempts", ASYNC_RETRIES) + 1
        for attempt in range(attempts):
            time.sleep(attempt)  # AWS waits one and two minutes
            result = self.invoke(name_or_arn, payload, request_id)
            if not result.error:
                return
        name = name_or_arn.rpartition(":")[2]
        target = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if ":sqs:" in target:
            send(self._context, target, _failure(name_or_arn, payload, request_id, result, attempts))
        else:
            self._context.say(
                f"lambda {name}: an event is dropped after {attempts} attempts, without a queue OnFailure"
            )

    def _event_config(self, name_or_arn: str) -> Record:
        from botocore.exceptions import ClientError

        try:
            found: Record = self._context.client("lambda").get_function_event_invoke_config(FunctionName=name_or_arn)
        except ClientError:  # there is none
            return {}
        return found

    def _function(self, name_or_arn: str) -> tuple[FunctionVersion, bytes]:
        from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
        from moto.backends import get_backend

        backend = get_backend("lambda")[self._context.account][self._context.region]
        try:
            found: Any = backend.get_function(name_or_arn)
        except (UnknownFunctionException, LambdaClientError) as error:
            arn = name_or_arn if ":" in name_or_arn else self._context.arn("lambda", f"function:{name_or_arn}")
            raise ServiceError("ResourceNotFoundException", f"Function not found: {arn}", 404) from error
        variables = tuple(sorted((key, str(value)) for key, value in found.environment_vars.items()))
        version = FunctionVersion(
            found.function_name,
            found.function_arn,
            found.handler,
            int(found.timeout),
            int(found.memory_size),
            found.code_digest,
            variables,
            found.role,
        )
        return version, found.code_bytes

    def _take(self, function: FunctionVersion, code: bytes) -> Worker:
        with self._lock:
            idle = self._idle.setdefault(function.name, [])
            outdated = [worker for worker in idle if worker.function != function or not worker.alive]
            usable = [worker for worker in idle if worker not in outdated]
            worker = usable.pop() if usable else None
            self._idle[function.name] = usable
        for old in outdated:
            self._drop(old)
        return worker or self._start(function, code)

    def _start(self, function: FunctionVersion, code: bytes) -> Worker:
        folder = self._unpack(function, code)
        stream = f"{now():%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        log = self._logs.stream(f"/aws/lambda/{function.name}", stream)
        worker = Worker(function, folder, self._context.child_environment(function.role, PRINCIPAL), log)
        with self._lock:
            self._all.add(worker)
            if self._sweeper is None:
                self._sweeper = Thread(target=self._sweep, daemon=True)
                self._sweeper.start()
        return worker

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive:
            self._drop(worker)
            return
        with self._lock:
            self._idle.setdefault(worker.function.name, []).append(worker)

    def _drop(self, worker: Worker) -> None:
        worker.stop()
        with self._lock:
            self._all.discard(worker)

    def _sweep(self) -> None:
        """End workers that have had nothing to do for a while."""
        while True:
            time.sleep(IDLE_SECONDS / 10)
            oldest = time.monotonic() - IDLE_SECONDS
            with self._lock:
                tired = [worker for idle in self._idle.values() for worker in idle if worker.idle_since < oldest]
                for idle in self._idle.values():
                    idle[:] = [worker for worker in idle if worker not in tired]
            for worker in tired:
                self._drop(worker)

    def _unpack(self, function: FunctionVersion, code: bytes) -> Path:
        folder = self._context.work / "functions" / re.sub(r"\W", "-", f"{function.name}-{function.digest[:16]}")
        with self._lock:
            if not folder.is_dir():
                fresh = folder.with_name(f"{folder.name}.new")
                shutil.rmtree(fresh, ignore_errors=True)
                zipfile.ZipFile(io.BytesIO(code)).extractall(fresh)  # zipfile drops .. and leading slashes
                fresh.rename(folder)
        return folder

    def _say_error(self, name: str, payload: bytes) -> None:
        document = json.loads(payload or b"{}")
        self._context.say(f"lambda {name} failed: {document.get('errorType')}: {document.get('errorMessage')}")


def _checked(payload: bytes) -> bytes:
    """The payload, {} if it is empty; raises ServiceError if it is not JSON."""
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        text = f"Could not parse request body into json: {error}"
        raise ServiceError("InvalidRequestContentException", text) from error
    return payload or b"{}"


def _failure(arn: str, payload: bytes, request_id: str, result: Result, attempts: int) -> str:
    """What a destination for failures gets: "Capturing records of Lambda asynchronous invocations", AWS's guide."""
    document = {
        "version": "1.0",
        "timestamp": now().isoformat(),
        "requestContext": {
            "requestId": request_id,
            "functionArn": arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": json.loads(payload or b"{}"),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": json.loads(result.payload),
    }
    return json.dumps(document)


def log_tail(log: str) -> str:
    """The last 4 KB of a log, in base64, as the header X-Amz-Log-Result carries it."""
    return base64.b64encode(log.encode()[-4096:]).decode()


def answer(
    service: FunctionService, name: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that answer a request for Invoke; raises ServiceError."""
    name, kind, request_id = unquote(name), headers.get("X-Amz-Invocation-Type", "RequestResponse"), str(uuid.uuid4())
    common = {"X-Amz-Executed-Version": "$LATEST", "x-amzn-RequestId": request_id, "Content-Type": "application/json"}
    if kind == "Event":
        service.invoke_later(name, body, request_id)
        return 202, common, b""
    if kind == "DryRun":
        return 204, common, b""
    result = service.invoke(name, body, request_id)
    if result.error:
        common["X-Amz-Function-Error"] = "Unhandled"
    if headers.get("X-Amz-Log-Type") == "Tail":
        common["X-Amz-Log-Result"] = log_tail(result.log)
    return 200, common, result.payload
