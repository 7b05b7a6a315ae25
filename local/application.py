"""The WSGI application: answers what must execute, in front of moto, which answers the rest."""

import io
import json
import logging
import os
import re
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from local.context import Context
from local.errors import ServiceError
from local.events import EventService, refuse_rule, refuse_targets
from local.functions import FunctionService, answer
from local.guard import Guard
from local.json_types import Json, Record
from local.logs import Logs
from local.protocol import read
from local.runtime import RuntimeService
from local.sagemaker import RECORDED, SageMaker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

HEALTH = "/_health"  # no bucket can have this name
INVOKE_FUNCTION = re.compile(r"/2015-03-31/functions/(?P<name>.+)/invocations/?")
INVOKE_ENDPOINT = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations/?")
JSON = {"Content-Type": "application/x-amz-json-1.1"}

logger = logging.getLogger(__name__)


class Application:
    """Finds who answers a request."""

    def __init__(self, context: Context) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._guard = Guard(context)
        self._enforced = context.enforce_iam
        self._logs = Logs(context)
        self._functions = FunctionService(context, self._logs)
        self._events = EventService(context)
        self._sagemaker = SageMaker(context, self._logs, self._functions, self._events, self._guard)
        self._runtime = RuntimeService(context, self._sagemaker.endpoints)
        self._others: dict[str, Callable[[Json], Json]] = {
            "AWSEvents.PutEvents": lambda request: self._events.put_events(read(request.get_data())),
            "AWSEvents.PutRule": lambda request: refuse_rule(read(_rewindable(request))),
            "AWSEvents.PutTargets": lambda request: refuse_targets(read(_rewindable(request))),
            "AWSStepFunctions.StartExecution": _name_execution,
        }

    def __call__(self, environ: Record, start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
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
        """End everything that runs; the endpoint must still answer."""
        self._events.close()
        self._sagemaker.close()
        self._functions.close()

    def _answer(self, request: Json) -> Json:
        """The answer to a request; None if it is moto's to answer."""
        if self._enforced:
            if not _signed_for(request, "s3"):  # whose bodies may be large, and say nothing of what is asked for
                _rewindable(request)
            self._guard.check(request)
        handler = self._handler(request)
        return handler(request) if handler else None

    def _handler(self, request: Json) -> Callable[[Json], Json] | None:
        """What answers a request here; None if moto does."""
        service, _, operation = request.headers.get("X-Amz-Target", "").partition(".")
        if request.path == HEALTH:
            return lambda _: {"pid": os.getpid()}
        if service == "SageMaker" and operation not in RECORDED:
            return lambda request: self._sagemaker.call(operation, read(request.get_data()))
        if (found := self._others.get(f"{service}.{operation}")) or request.method != "POST":
            return found
        if function := INVOKE_FUNCTION.fullmatch(request.path):
            return partial(self._invoke_function, function["name"])
        if (endpoint := INVOKE_ENDPOINT.fullmatch(request.path)) and _signed_for(request, "sagemaker"):
            return partial(self._runtime.invoke, endpoint["name"])
        return None

    def _invoke_function(self, name: str, request: Json) -> Json:
        status, headers, body = answer(self._functions, name, request.headers, request.get_data())
        return Response(body, status, headers)


def _signed_for(request: Json, service: str) -> bool:
    return f"/{service}/" in request.headers.get("Authorization", "")


def _rewindable(request: Json) -> bytes:
    """The body of a request that moto is to read, too."""
    body: bytes = request.get_data()
    _replace(request, body)
    return body


def _replace(request: Json, body: bytes) -> None:
    request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _name_execution(request: Json) -> None:
    """Give a Step Functions execution without a name one, as AWS does; moto would name them all None."""
    _replace(request, json.dumps({"name": str(uuid.uuid4()), **read(request.get_data())}).encode())


def _error_response(error: ServiceError, request: Json) -> Json:
    """An error as the service's protocol has it: XML for S3 and the query protocol, else JSON."""
    from xml.sax.saxutils import escape

    inner = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
    if _signed_for(request, "s3"):
        return Response(f"<Error>{inner}</Error>", error.status, {"Content-Type": "application/xml"})
    if request.form.get("Action"):
        text = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error></ErrorResponse>"
        return Response(text, error.status, {"Content-Type": "text/xml"})
    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
    return Response(body, error.status, {**JSON, "x-amzn-ErrorType": error.code})
