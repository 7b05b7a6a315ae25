"""Lambda's Invoke: runs functions at once or asynchronously, with retries and destinations."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from threading import Semaphore, Thread

from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from local.functions.configuration import Function, FunctionConfigs
from local.functions.destinations import Outcome, tell
from local.functions.limits import MOST_LATER, checked_event
from local.functions.measurements import of_event, of_invocation
from local.functions.warm_pool import WorkerPool
from local.functions.workers import Result
from local.protocol.calls import Call
from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.runtime.measured import Measure, unmeasured

ASYNC_RETRIES = 2
AT_ONCE = 4  # events of a function; AWS runs a thousand, but one machine has no room for as many processes


class FunctionService:
    """Invokes the functions that moto's Lambda keeps."""

    def __init__(self, context: Context, logs: Logs, measure: Measure = unmeasured) -> None:
        """`measure` gets the metrics of functions."""
        self.configs = FunctionConfigs(context)
        self._context = context
        self._pool = WorkerPool(context, logs)
        self._measure = measure
        self._turns: dict[str, Semaphore] = {}

    def invoke(self, name_or_arn: str, payload: bytes, request_id: str = "") -> Result:
        """Runs a function and waits for its result. Raises ServiceError."""
        function = self.configs.find(name_or_arn)
        result = self._run(function, request_id or str(uuid.uuid4()), checked_event(payload))
        if result.error:
            document = json.loads(result.payload or b"{}")
            text = f"{document.get('errorType')}: {document.get('errorMessage')}"
            self._context.say(f"lambda {function.name} failed: {text}")
        return result

    def answer(self, call: Call, request: Request) -> Response:
        """Answers an Invoke request. Raises ServiceError."""
        name, body, request_id = call.members["FunctionName"], request.get_data(), str(uuid.uuid4())
        headers = {
            "X-Amz-Executed-Version": "$LATEST",
            "x-amzn-RequestId": request_id,
            "Content-Type": "application/json",
        }
        kind = call.members.get("InvocationType", "RequestResponse")
        if kind != "RequestResponse":
            function = self.configs.find(name)
            if kind == "Event":
                event = checked_event(body, MOST_LATER)
                self._count(function.name, "AsyncEventsReceived")
                Thread(target=self._run_later, args=(name, event, request_id), daemon=True).start()
            return Response(status=202 if kind == "Event" else 204, headers=headers)
        result = self.invoke(name, body, request_id)
        if result.error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        if call.members.get("LogType") == "Tail":  # its last 4 KB
            headers["X-Amz-Log-Result"] = base64.b64encode(result.log.encode()[-4096:]).decode()
        return Response(result.payload, 200, headers)

    def close(self) -> None:
        """Ends all workers."""
        self._pool.close()

    def _run(self, function: Function, request_id: str, payload: bytes) -> Result:
        """Runs a function once, and measures it."""
        began = time.time()
        try:
            result = self._pool.run(function, request_id, payload)
        except ServiceError as error:
            if error.status == 429:
                self._count(function.name, "Throttles")
            raise
        for measured in of_invocation(function.name, result.milliseconds, error=result.error, began=began):
            self._measure(measured)
        return result

    def _count(self, name: str, metric: str) -> None:
        for measured in of_event(name, metric):
            self._measure(measured)

    def _run_later(self, name: str, payload: bytes, request_id: str) -> None:
        """Runs an asynchronous invocation: retries it, then sends the outcome to destinations and dead letters."""
        config = self._event_config(name)
        attempts = config.get("MaximumRetryAttempts", ASYNC_RETRIES) + 1
        for attempt in range(1, attempts + 1):
            try:
                with self._turns.setdefault(self.configs.find(name).name, Semaphore(AT_ONCE)):
                    result = _when_free(lambda: self.invoke(name, payload, request_id))
            except ServiceError as error:
                self._context.say(f"lambda {name}: dropped an event: {error}")
                return
            if not result.error:
                break
            if attempt < attempts:
                time.sleep(attempt)  # AWS waits one and two minutes
        outcome = Outcome(self.configs.find(name), payload, request_id, result, attempt)
        for metric in tell(self._context, config.get("DestinationConfig", {}), outcome):
            self._count(outcome.function.name, metric)

    def _event_config(self, name: str) -> Record:
        try:
            found: Record = self._context.client("lambda").get_function_event_invoke_config(FunctionName=name)
        except ClientError:  # there is none
            return {}
        return found


def _when_free(invoke: Callable[[], Result]) -> Result:
    """Invokes as soon as the function's reserved concurrency allows it."""
    while True:
        try:
            return invoke()
        except ServiceError as error:
            if error.status != 429:
                raise
        time.sleep(1)
