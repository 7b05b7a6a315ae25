"""The model behind an endpoint, which answers as a test has it, and S3 with the photos that it is asked about."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from unit.lambdas.registry_in_memory import Params


class ModelFailedError(Exception):
    """The model fails to answer."""


@dataclass
class Answering:
    """Objects of S3 that can be read, by their keys, what the model answers to a request, and all requests to it."""

    objects: dict[str, bytes] = field(default_factory=dict)
    respond: Callable[[Params], Params] = dict
    asked: list[Params] = field(default_factory=list)

    def _InvokeEndpoint(self, request: Params) -> Params:  # noqa: N802
        self.asked.append(request)
        return {"Body": io.BytesIO(json.dumps(self.respond(request)).encode())}

    def _answer_s3(self, model: Any, params: Params, **_: Any) -> tuple[Any, Params]:
        key, found = params["url_path"].removeprefix("/"), self.objects.get(params["url_path"].removeprefix("/"))
        headers = {name.lower(): value for name, value in params["headers"].items()}
        if model.name == "GetObject":
            if found is None:
                return refusal(404, "NoSuchKey", "The specified key does not exist.")
            got = {"ContentLength": len(found), "Body": io.BytesIO(found), "ETag": etag(found)}
            return AWSResponse("", 200, {}, None), got
        if model.name == "PutObject":
            if ("if-none-match" in headers and found is not None) or (
                "if-match" in headers and (found is None or etag(found) != headers["if-match"])
            ):
                return refusal(
                    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
                )
            body = params["body"]
            self.objects[key] = body if isinstance(body, bytes) else body.read()
        if model.name == "DeleteObject":
            self.objects.pop(key, None)
        return AWSResponse("", 204, {}, None), {}


def etag(content: bytes) -> str:
    """The ETag of an object, as S3 makes it."""
    return f'"{hashlib.md5(content).hexdigest()}"'


def refusal(status: int, code: str, message: str) -> tuple[Any, Params]:
    """The answer of AWS that refuses a call."""
    return AWSResponse("", status, {}, None), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}
