"""The web application: GET /ping and POST /invocations, by the model's own code and AWS's inference toolkit.

The variable SAGEMAKER_BASE_DIR names the folder with `model/`, by default /opt/ml; SAGEMAKER_PROGRAM names the script
in `model/code/`. Where MODEL_SERVER_KEY is set, only requests with that key are answered.
"""

import gc
import hmac
import logging
import os
import sys
from pathlib import Path

import anyio.to_thread
from sagemaker_inference.transformer import Transformer
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.config import STARTUP_FAILURE

from containers.serving.access import KEY_HEADER, KEY_VARIABLE
from containers.serving.exchange import Exchange
from containers.serving.parent import end_with_parent

logger = logging.getLogger("uvicorn.error")

BASE, MODEL = "/opt/ml", "model"


def create() -> Starlette:
    """Makes the application for the model in this process's environment, and loads the model.

    A broken model ends the process before it answers /ping, and with it the whole server: it would fail again.
    """
    end_with_parent()
    model_dir = Path(os.environ.get("SAGEMAKER_BASE_DIR", BASE), MODEL)
    sys.path.insert(0, str(model_dir / "code"))
    gc.disable()  # a model and the modules that it imports are no garbage, among which Python would look ever again
    try:
        return application(str(model_dir), os.environ.pop(KEY_VARIABLE, ""))
    except Exception:  # whatever the model's code raises
        logger.exception("The model cannot be loaded")
        sys.exit(STARTUP_FAILURE)
    finally:
        gc.freeze()
        gc.enable()


def application(model_dir: str, key: str) -> Starlette:
    """The application for the model in a folder. With a key, requests without it are refused."""
    transformer = Transformer()
    transformer.validate_and_initialize(model_dir=model_dir, context=Exchange(model_dir, {}))

    def admitted(request: Request) -> bool:
        return hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), key.encode())

    async def ping(request: Request) -> Response:
        return Response(status_code=200 if admitted(request) else 403)

    async def invocations(request: Request) -> Response:
        if not admitted(request):
            return Response("This server answers those who have its key alone", 403)
        given = {name.title(): value for name, value in request.headers.items() if name != KEY_HEADER.lower()}
        exchange = Exchange(model_dir, given)
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1  # a process takes one request at a time
        answer = (await run_in_threadpool(transformer.transform, [{"body": await request.body()}], exchange))[0]
        if exchange.status != 200:
            sys.stderr.write(f"{answer}\n")
            return Response(answer, exchange.status, media_type="text/plain")
        return Response(answer, headers={"content-type": exchange.content_type})

    return Starlette(routes=[Route("/ping", ping), Route("/invocations", invocations, methods=["POST"])])
