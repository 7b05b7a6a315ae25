"""SageMaker Runtime: answers InvokeEndpoint."""

import json
import time

import urllib3
from werkzeug.wrappers import Request, Response

from local.protocol.calls import Call
from local.protocol.errors import ServiceError
from local.runtime.context import Context
from local.sagemaker.hosting.capture import Exchange
from local.sagemaker.hosting.endpoints import EndpointService
from local.sagemaker.hosting.fleet import Fleet, Variant
from local.sagemaker.hosting.measurements import Measurement, Measurements, Served

MOST_BYTES = 6 * 1024 * 1024
HEADER = "X-Amzn-SageMaker-"
FAILED = 503  # counts as the status of a model server that did not answer


class RuntimeService:
    """Passes requests on to model servers, measures them, and captures requests and answers."""

    def __init__(self, context: Context, endpoints: EndpointService, measurements: Measurements) -> None:
        self._context = context
        self._endpoints = endpoints
        self._measurements = measurements

    def invoke(self, call: Call, request: Request) -> Response:
        """Returns the model's answer. Raises ServiceError if the endpoint is not in service or does not respond."""
        began = time.perf_counter()
        endpoint, body = call.members["EndpointName"], request.get_data()
        if len(body) > MOST_BYTES:
            raise ServiceError(
                "ValidationError", f"Request body is {len(body)} bytes; at most {MOST_BYTES} are allowed", 413
            )
        fleet, variant = self._take(endpoint, request.headers.get(f"{HEADER}Target-Variant", ""))
        served, status, asked = Served(endpoint, variant.name, fleet.config), FAILED, time.perf_counter()
        try:
            answer = _ask(variant, request, body)
            status = answer.status
        finally:
            fleet.give_back()
            ended = time.perf_counter()
            took = (ended - began, ended - asked)
            self._measurements.note(Measurement(served, status, *took, instances=variant.instances))
        if answer.status != 200:
            return self._model_error(endpoint, answer)
        answer_type = answer.headers.get("Content-Type", "application/octet-stream")
        if variant.capture:
            variant.capture.add(_exchange(request, body, answer.data, answer_type))
        headers = {"Content-Type": answer_type, "x-Amzn-Invoked-Production-Variant": variant.name}
        if custom := answer.headers.get(f"{HEADER}Custom-Attributes"):
            headers[f"{HEADER}Custom-Attributes"] = custom
        return Response(answer.data, 200, headers)

    def _take(self, endpoint: str, target: str) -> tuple[Fleet, Variant]:
        """The fleet and variant for a request. Tries again if an update replaces the fleet at this moment."""
        while True:
            fleet = self._endpoints.fleet(endpoint)
            if variant := fleet.take(target):
                return fleet, variant

    def _model_error(self, endpoint: str, answer: urllib3.BaseHTTPResponse) -> Response:
        original = answer.data.decode("utf-8", "replace")
        side = "client" if answer.status < 500 else "server"
        group = self._context.arn("logs", f"log-group:/aws/sagemaker/Endpoints/{endpoint}")
        document = {
            "ErrorCode": "CLIENT_ERROR_FROM_MODEL" if side == "client" else "INTERNAL_FAILURE_FROM_MODEL",
            "LogStreamArn": group,
            "Message": f'Received {side} error ({answer.status}) from primary with message "{original}". See {group}.',
            "OriginalMessage": original,
            "OriginalStatusCode": answer.status,
        }
        self._context.say(f"endpoint {endpoint}: {side} error {answer.status}: {original[:200]}")
        return Response(
            json.dumps(document), 424, {"Content-Type": "application/json", "x-amzn-errortype": "ModelError"}
        )


def _ask(variant: Variant, request: Request, body: bytes) -> urllib3.BaseHTTPResponse:
    passed_on = ("Content-Type", "Accept", f"{HEADER}Custom-Attributes", f"{HEADER}Inference-Id")
    headers = {name: request.headers[name] for name in passed_on if request.headers.get(name)}
    try:
        return variant.process.request(body, headers)
    except urllib3.exceptions.ReadTimeoutError as error:
        text = "Your invocation timed out while waiting for a response from container primary."
        raise ServiceError("ModelError", text, 424) from error
    except urllib3.exceptions.HTTPError as error:
        raise ServiceError("ServiceUnavailable", "The model server does not answer.", 503) from error


def _exchange(request: Request, body: bytes, answer: bytes, answer_type: str) -> Exchange:
    return Exchange(
        body,
        request.headers.get("Content-Type", "application/octet-stream"),
        answer,
        answer_type,
        request.headers.get(f"{HEADER}Inference-Id", ""),
        request.headers.get(f"{HEADER}Custom-Attributes", ""),
    )
