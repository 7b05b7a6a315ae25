"""The model behind an endpoint, which answers as a test has it, and S3 with the photos that it is asked about."""

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
        if model.name != "GetObject":
            return AWSResponse("", 204, {}, None), {}
        content = self.objects.get(params["url_path"].removeprefix("/"))
        if content is None:
            return refusal(404, "NoSuchKey", "The specified key does not exist.")
        return AWSResponse("", 200, {}, None), {"ContentLength": len(content), "Body": io.BytesIO(content)}


def refusal(status: int, code: str, message: str) -> tuple[Any, Params]:
    """The answer of AWS that refuses a call."""
    return AWSResponse("", status, {}, None), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}
