"""Serves a model over HTTP as a hosting container does: GET /ping and POST /invocations.

AWS's inference toolkit calls the model's code. Run as `python -m local.sagemaker.hosting.model_server PORT`; the
variable SAGEMAKER_BASE_DIR names the folder with `model/`, SAGEMAKER_PROGRAM the script in `model/code/`, and
LOCAL_AWS_MODEL_KEY holds the key that requests must have.
"""

import hmac
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

MODEL = "model"
KEY_VARIABLE = "LOCAL_AWS_MODEL_KEY"
KEY_HEADER = "X-Local-Model-Key"


class _Headers:
    """The part of a request processor that the toolkit uses."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def get_request_properties(self) -> dict[str, str]:
        """The request's headers."""
        return self._headers


class _Exchange:
    """The part of the multi-model-server's context that the toolkit uses: one request and its answer."""

    def __init__(self, model_dir: str, headers: dict[str, str]) -> None:
        self.system_properties = {"model_dir": model_dir}
        self.request_processor = [_Headers(headers)]
        self.status = 200
        self.content_type = "application/json"

    def set_response_status(self, code: int = 200, phrase: str = "") -> None:  # noqa: ARG002
        """Stores the status of an error."""
        self.status = code

    def set_response_content_type(self, _: int, value: str) -> None:
        """Stores the content type of the answer."""
        self.content_type = value


def application(model_dir: str, key: str) -> "Starlette":
    """Makes the ASGI application. Loads the model first, so that a broken model ends the process at once.

    Only requests with the key are answered: web pages and other users of the machine find the port, too.
    """
    import anyio.to_thread
    from sagemaker_inference.transformer import Transformer
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    transformer = Transformer()
    transformer.validate_and_initialize(model_dir=model_dir, context=_Exchange(model_dir, {}))

    def admitted(request: Request) -> bool:
        return hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), key.encode())

    async def ping(request: Request) -> Response:
        return Response(status_code=200 if admitted(request) else 403)

    async def invocations(request: Request) -> Response:
        if not admitted(request):
            return Response("This server answers its local AWS alone", 403)
        given = {name.title(): value for name, value in request.headers.items() if name != KEY_HEADER.lower()}
        exchange = _Exchange(model_dir, given)
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1  # workers take one request at a time
        answer = (await run_in_threadpool(transformer.transform, [{"body": await request.body()}], exchange))[0]
        if exchange.status != 200:
            sys.stderr.write(f"{answer}\n")
            return Response(answer, exchange.status, media_type="text/plain")
        return Response(answer, headers={"content-type": exchange.content_type})

    return Starlette(routes=[Route("/ping", ping), Route("/invocations", invocations, methods=["POST"])])


def main() -> None:
    """Serves on the loopback interface, at the port given as argument."""
    import uvicorn

    model_dir = Path(os.environ["SAGEMAKER_BASE_DIR"], MODEL)
    key = os.environ.pop(KEY_VARIABLE)
    sys.path.insert(0, str(model_dir / "code"))
    uvicorn.run(application(str(model_dir), key), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
