"""The WSGI application: answers requests that execute something, and passes the others to moto."""

import json
import logging
import os
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from moto.core.request import Request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from local.events.bus import EventService
from local.functions.invoke import FunctionService
from local.iam.authorization import Guard
from local.protocol.calls import Call, read_call, replace_body
from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record
from local.runtime.context import Clock, Context
from local.runtime.logs import Logs
from local.sagemaker.api import RECORDED, SageMaker
from local.sagemaker.hosting.invoke import RuntimeService
from local.unsupported.requests import refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

HEALTH = "/_health"  # no bucket can have this name
JSON = {"Content-Type": "application/x-amz-json-1.1"}

logger = logging.getLogger(__name__)


class Application:
    """Routes each request to the service that answers it."""

    def __init__(self, context: Context, clock: Clock) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._closing = False
        logs = Logs(context)
        self._guard = Guard(context)
        self._events = EventService(context, clock)
        self._functions = FunctionService(context, logs)
        configs = self._functions.configs
        self._sagemaker = SageMaker(context, logs, self._functions, self._events, self._guard)
        self._handlers: dict[tuple[str, str], Callable[[Call, Request], Json]] = {
            ("sagemaker", "InvokeEndpoint"): RuntimeService(context, self._sagemaker.endpoints).invoke,
            ("events", "PutEvents"): lambda call, _: self._events.put_events(call.members),
            ("lambda", "Invoke"): self._functions.answer,
            ("lambda", "CreateFunction"): self._followed_by(configs.keep),
            ("lambda", "UpdateFunctionConfiguration"): self._followed_by(configs.keep),
            ("lambda", "DeleteFunction"): self._followed_by(configs.forget),
            ("states", "StartExecution"): _name_execution,
        }

    def __call__(self, environ: Record, start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request."""
        request = Request(environ)
        try:
            response = self._answer(request)
        except ServiceError as error:
            response = _error_response(error, request)
        except Exception as error:
            logger.exception("%s", environ["PATH_INFO"])
            failure = ServiceError("InternalFailure", f"{type(error).__name__}: {error}", 500)
            response = _error_response(failure, request)
        if response is None:
            answered: Iterable[bytes] = self._moto(environ, start_response)
            return answered
        if not isinstance(response, Response):
            response = Response(json.dumps(response), 200, JSON)
        response.headers.setdefault("x-amzn-RequestId", str(uuid.uuid4()))
        return response(environ, start_response)

    def close(self) -> None:
        """Ends everything that runs. Meanwhile the endpoint must go on answering, but is no longer in good health."""
        self._closing = True
        self._events.close()
        self._sagemaker.close()
        self._functions.close()

    def _followed_by(self, action: Callable[[Record], None]) -> Callable[[Call, Request], Response]:
        """Lets moto answer, and then calls `action` with the request's members if moto accepted them."""

        def answer(call: Call, request: Request) -> Response:
            response = Response.from_app(self._moto, request.environ)
            if response.status_code < 300:
                action(call.members)
            return response

        return answer

    def _answer(self, request: Request) -> Json:
        """Answers a request; None if moto has to answer it."""
        if request.path == HEALTH:
            return {"stopping": True} if self._closing else {"pid": os.getpid()}
        call = read_call(request)
        if call is None:
            return None
        self._guard.check(call, request)
        refuse(call.service, call.operation, call.members)
        if handler := self._handlers.get((call.service, call.operation)):
            return handler(call, request)
        if call.service == "sagemaker" and call.operation not in RECORDED:
            return self._sagemaker.call(call.operation, call.members)
        return None


def _name_execution(call: Call, request: Request) -> None:
    """Gives a name to an execution of Step Functions that has none, as AWS does. moto would call each of them None."""
    replace_body(request, json.dumps({"name": str(uuid.uuid4()), **call.members}).encode())


def _error_response(error: ServiceError, request: Json) -> Json:
    """An error in the format of the service's protocol: XML for S3 and the query protocol, otherwise JSON."""
    inner = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
    if "/s3/" in request.headers.get("Authorization", ""):
        return Response(f"<Error>{inner}</Error>", error.status, {"Content-Type": "application/xml"})
    if request.form.get("Action"):
        text = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error></ErrorResponse>"
        return Response(text, error.status, {"Content-Type": "text/xml"})
    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
    return Response(body, error.status, {**JSON, "x-amzn-ErrorType": error.code})
