"""The HTTP endpoint: a WSGI layer that answers what must execute, in front of moto, which answers the rest."""

import io
import json
import logging
import os
import re
import shutil
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from local.containers import wanted_isolation
from local.context import Context, environment
from local.embedded import STATE_FILE, running
from local.errors import LocalAwsError, ServiceError
from local.json_types import Json, Record

HEALTH = "/_health"  # no bucket can have this name
INVOKE_FUNCTION = re.compile(r"/2015-03-31/functions/(?P<name>.+)/invocations/?")
INVOKE_ENDPOINT = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations/?")
TARGET = "SageMaker."
START_EXECUTION = "AWSStepFunctions.StartExecution"

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

logger = logging.getLogger(__name__)


class Application:
    """The WSGI application."""

    def __init__(self, context: Context) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from local.functions import FunctionService
        from local.logs import Logs
        from local.runtime import RuntimeService
        from local.sagemaker import SageMaker

        self._context = context
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._logs = Logs(context)
        self._functions = FunctionService(context, self._logs)
        self._sagemaker = SageMaker(context, self._logs, self._functions)
        self._runtime = RuntimeService(context, self._sagemaker.endpoints)

    def __call__(self, environ: Record, start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        from werkzeug.wrappers import Request, Response

        handler = self._handler(environ)
        if handler is None:
            if environ.get("HTTP_X_AMZ_TARGET") == START_EXECUTION:
                _name_execution(environ)
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        try:
            response = handler(Request(environ))
        except ServiceError as error:
            response = _error_response(error)
        except Exception as error:
            logger.exception("%s", environ["PATH_INFO"])
            response = _error_response(ServiceError("InternalFailure", f"{type(error).__name__}: {error}", 500))
        if not isinstance(response, Response):
            response = Response(json.dumps(response), 200, {"Content-Type": "application/x-amz-json-1.1"})
        return response(environ, start_response)

    def close(self) -> None:
        """End everything that runs; the endpoint must still answer."""
        self._sagemaker.close()
        self._functions.close()
        self._logs.close()

    def _handler(self, environ: Record) -> Callable[[Json], Json] | None:
        """What answers a request here; None if moto does."""
        from local.sagemaker import RECORDED

        path, target = environ["PATH_INFO"], environ.get("HTTP_X_AMZ_TARGET", "")
        if path == HEALTH:
            return lambda _: {"pid": os.getpid()}
        if target.startswith(TARGET) and (operation := target.removeprefix(TARGET)) not in RECORDED:
            return partial(self._call_sagemaker, operation)
        if environ["REQUEST_METHOD"] != "POST":
            return None
        if function := INVOKE_FUNCTION.fullmatch(path):
            return partial(self._invoke_function, function["name"])
        if (endpoint := INVOKE_ENDPOINT.fullmatch(path)) and "/sagemaker/" in environ.get("HTTP_AUTHORIZATION", ""):
            return partial(self._runtime.invoke, endpoint["name"])
        return None

    def _call_sagemaker(self, operation: str, request: Json) -> Json:
        from local.protocol import read

        return self._sagemaker.call(operation, read(request.get_data()))

    def _invoke_function(self, name: str, request: Json) -> Json:
        from werkzeug.wrappers import Response

        from local.functions import answer

        status, headers, body = answer(self._functions, name, request.headers, request.get_data())
        return Response(body, status, headers)


def _name_execution(environ: Record) -> None:
    """Give a Step Functions execution without a name one, as AWS does; moto would name them all None."""
    from local.protocol import read

    request = read(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    body = json.dumps({"name": str(uuid.uuid4()), **request}).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _error_response(error: ServiceError) -> Json:
    from werkzeug.wrappers import Response

    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code}
    return Response(body, error.status, headers)


def serve(data: Path, region: str, port: int = 0, *, exit_with_stdin: bool = False) -> None:
    """Run the local AWS in the foreground until SIGINT, SIGTERM or, if asked, the end of standard input.

    `data` is its folder, `port` 0 a free one. Prints one line of JSON once it answers, then what happens.
    Raises LocalAwsError if the folder belongs to a running one, the port is taken, or LOCAL_AWS_ISOLATION is wrong.
    """
    data = data.resolve()
    if other := running(data):
        raise LocalAwsError(
            f"The data folder {data} belongs to the local AWS at {other.endpoint_url}; stop it, or name another"
        )
    wanted_isolation(os.environ)
    server = _listen(port)
    shutil.rmtree(data / "work", ignore_errors=True)  # of one that was killed
    context = Context(data, region, server.port)
    _prepare_process(context, server.port)
    application = Application(context)
    server.app = application
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    thread.start()
    _announce(context)
    if exit_with_stdin:
        threading.Thread(target=_wait_for_stdin, args=(stopped,), daemon=True).start()
    _make_default_session()
    try:
        stopped.wait()
    finally:
        context.say("stopping")
        application.close()
        server.shutdown()
        server.server_close()
        (data / STATE_FILE).unlink(missing_ok=True)
        shutil.rmtree(context.work, ignore_errors=True)


def _listen(port: int) -> Json:
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        """moto's request handler, keeping connections open and not logging each request."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # answers are headers and body in two small packets

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    try:
        return make_server("127.0.0.1", port, lambda *_: [], threaded=True, request_handler=Handler)
    except (OSError, SystemExit) as error:
        raise LocalAwsError(f"Port {port} of 127.0.0.1 cannot be listened on; choose another") from error


def _prepare_process(context: Context, port: int) -> None:
    """Point moto, and every AWS client in this process, at the own endpoint."""
    from moto.core.config import default_user_config

    for key in [key for key in os.environ if key.startswith("AWS_")]:
        del os.environ[key]
    os.environ.update(context.child_environment)
    os.environ["MOTO_PORT"] = str(port)  # where moto's Step Functions engine finds Lambda and SQS
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    logging.basicConfig(filename=context.logs / "errors.log", level=logging.WARNING)


def _announce(context: Context) -> None:
    state = {"endpoint_url": context.endpoint_url, "pid": os.getpid(), "region": context.region}
    fresh = context.data / f"{STATE_FILE}.new"
    fresh.write_text(json.dumps(state))
    fresh.replace(context.data / STATE_FILE)
    variables = environment(context.endpoint_url, context.region)
    sys.stdout.write(json.dumps({"endpoint_url": context.endpoint_url, "environment": variables}) + "\n")
    sys.stdout.flush()


def _make_default_session() -> None:
    """Make boto3's default session before moto's Step Functions engine uses it from many threads, which is not safe."""
    import boto3

    boto3.client("lambda")


def _wait_for_stdin(stopped: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stopped.set()
