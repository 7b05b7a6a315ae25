"""Calls operations of AWS with botocore's clients, and says which answers of the local AWS a client cannot understand.

Run as `python benchmarks/typed_answers.py [--all] [--services S …]`. Each operation is called with the least that its
model demands, on a local AWS within this process. An answer is understood if it is a success that the client's parser
reads, or an error with a code. Prints one line of JSON for each that is not, and one with counts at the end.
"""

import argparse
import io
import json
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore import session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointResolutionError,
    NoAuthTokenError,
    ParamValidationError,
)
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.parsers import ResponseParserError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from local.loopback.ports import listen
from local.memory.keeper import Memory
from local.memory.store import Store
from local.runtime.context import Context, now
from local.server.process import prepare_process

REGION = "eu-west-1"
READS = re.compile(
    r"(List|Describe|Get|Head|Search|Batch(Get|Describe)|Lookup|Query|Scan|Select|Check|Test|Validate)[A-Z]"
)
NO_CODE = re.compile(r"\d*")  # of an answer that the client's parser took for an error without a name
ARN = f"arn:aws:service:{REGION}:123456789012:thing/x"
ADDRESS = "http://127.0.0.1"  # to which the client sends the request that names it
TEXTS = (
    "x",
    ARN,
    "123456789012",
    "1",
    "a-1",
    "x-0123456789abcdef0",
    "12345678-1234-1234-1234-123456789012",
    "s3://b/k",
    "/x",
)
NUMBERS: dict[str, Any] = {"boolean": True, "blob": b"x", "timestamp": 1_700_000_000}
DEEPEST = 12  # levels of a value whose shape contains itself
Application = Any


@dataclass(frozen=True)
class Answer:
    """What a client made of an answer: `success`, the code of an error, or `fault`, why it could not understand it."""

    operation: str
    code: str
    fault: str = ""


class InProcess:
    """Sends the requests of a botocore client to a WSGI application."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """The answer to a request."""
        parts = urlsplit(request.url)
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else body
        texts = [
            (name, value.decode() if isinstance(value, bytes) else value) for name, value in request.headers.items()
        ]
        base = f"{parts.scheme}://{parts.netloc}/"
        builder = EnvironBuilder(parts.path, base, parts.query, method=request.method, headers=texts, data=body)
        environ = {**builder.get_environ(), "RAW_URI": parts.path + (f"?{parts.query}" if parts.query else "")}
        answered, status, headers = run_wsgi_app(self._application, environ | {"REQUEST_URI": environ["RAW_URI"]})
        return AWSResponse(request.url, int(status.split()[0]), dict(headers), Stream(b"".join(answered)))

    def close(self) -> None:
        """Has nothing to close."""


class Stream(io.BytesIO):
    """What botocore needs of a stream of urllib3."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:  # noqa: ANN401
        """The body, in one piece."""
        yield self.read()


def main() -> None:
    """Calls and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="all operations, not only those that read")
    parser.add_argument("--services", nargs="+", help="botocore's names of services; without it all that there are")
    parser.add_argument("--first", type=int, default=10_000, help="so many operations of each service")
    arguments = parser.parse_args()
    codes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        application, context = _local_aws(Path(folder))
        clients = session.get_session()
        for service in arguments.services or clients.get_available_services():
            for answer in _walk(clients, service, application, context, arguments):
                codes["untyped" if answer.fault else answer.code] += 1
                if answer.fault:
                    print(json.dumps(vars(answer)), flush=True)
    print(json.dumps({"called": codes.total(), "untyped": codes["untyped"], **dict(codes.most_common(10))}))


def _local_aws(data: Path) -> tuple[Application, Context]:
    """A local AWS in this process. It listens as well, because parts of it call others."""
    server = listen(0, lambda *_: [])
    context = Context(data, REGION, server.port)
    prepare_process(context)
    from local.server.application import Application
    from local.states.engine import Engine

    server.app = application = Application(context, now, Memory(context, Store(data, REGION)), Engine(context))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return application, context


def _walk(clients: Any, service: str, application: Application, context: Context, wanted: Any) -> Iterator[Answer]:  # noqa: ANN401
    client = clients.create_client(
        service,
        region_name=REGION,
        endpoint_url=context.endpoint_url,
        aws_access_key_id=context.administrator.access_key,
        aws_secret_access_key=context.administrator.secret,
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, s3={"addressing_style": "path"}),
    )
    client._endpoint.http_session = InProcess(application)
    model = client.meta.service_model
    names = [name for name in model.operation_names if wanted.all or READS.match(name)]
    for name in names[: wanted.first]:
        if answer := _call(client, model.operation_model(name)):
            yield answer


def _call(client: Any, model: OperationModel) -> Answer | None:  # noqa: ANN401
    """Calls an operation; None if the client does not send the request."""
    name = f"{model.service_model.service_name} {model.name}"
    try:
        client._make_api_call(model.name, sample(model.input_shape) if model.input_shape else {})
    except ClientError as error:
        code = str(error.response["Error"].get("Code", ""))
        understood = not NO_CODE.fullmatch(code) or model.http["method"] == "HEAD"  # S3's have no more than a status
        return Answer(name, code, "" if understood else str(error)[:200])
    except (NoAuthTokenError, EndpointResolutionError, ParamValidationError):  # of credentials, ARNs, texts it wants
        return None
    except (BotoCoreError, ResponseParserError, ValueError, LookupError, TypeError, AttributeError) as error:
        return Answer(name, "", f"{type(error).__name__}: {error}"[:200])
    return Answer(name, "success")


def sample(shape: Shape, name: str = "", level: int = 0) -> Any:  # noqa: ANN401
    """A small value of a shape, with no more members than it must have."""
    least = int(shape.metadata.get("min", 1))
    if isinstance(shape, StructureShape):
        members = shape.required_members or (list(shape.members)[:1] if shape.is_tagged_union else [])
        return {each: sample(shape.members[each], each, level + 1) for each in members if level < DEEPEST}
    if isinstance(shape, ListShape):
        return [sample(shape.member, name, level + 1) for _ in range(max(least, 1)) if level < DEEPEST]
    if isinstance(shape, MapShape):
        return {sample(shape.key): sample(shape.value, name, level + 1)} if level < DEEPEST else {}
    if shape.type_name == "string":
        return (shape.metadata.get("enum") or [_text(shape, name, least)])[0]
    if shape.type_name in ("float", "double"):
        return float(shape.metadata.get("min", 1))
    return NUMBERS.get(shape.type_name, least)


def _text(shape: Shape, name: str, least: int) -> str:
    """A text that is long enough, and the first that matches the shape's pattern if one does."""
    first = (ARN,) if "arn" in name.lower() else (ADDRESS,) if name == "PredictEndpoint" else ()
    texts = [text + (text[-1] * (least - len(text))) for text in (*first, *TEXTS)]
    pattern = shape.metadata.get("pattern", "")
    return next((text for text in texts if _matches(pattern, text)), texts[0])


def _matches(pattern: str, text: str) -> bool:
    try:
        return bool(not pattern or re.fullmatch(pattern, text))
    except re.error:  # of Java alone
        return True


if __name__ == "__main__":
    main()
