"""`classify_image` against botocore's model of InvokeEndpoint."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from unit.lambdas.context import CONTEXT

from lambdas.classify_image.handler import handler
from lambdas.shared.clients import client
from lambdas.shared.errors import (
    ConfigurationError,
    EndpointFailed,
    EndpointNotReady,
    EndpointThrottled,
    InvalidRequest,
    ModelFailed,
    PhotoRejected,
)

PNG = b"\x89PNG pretended"
PHOTO = {"s3_bucket": "bucket", "s3_key": "photos/a.png", "inference_id": "photo-1"}
EVENT = {**PHOTO, "image_data": base64.b64encode(PNG).decode(), "inferences": []}
RESPONSE = {
    "labels": ["bicycle", "motorcycle"],
    "probabilities": [[0.9, 0.1]],
    "threshold": 0.8,
    "model_version": "training-job-1",
}
REQUEST = {
    "EndpointName": "vehicles",
    "ContentType": "image/png",
    "Accept": "application/json",
    "InferenceId": "photo-1",
    "Body": PNG,
}


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setenv("ENDPOINT_NAME", "vehicles")
    with Stubber(client("sagemaker-runtime")) as stubber:
        yield stubber


def answers(endpoint: Stubber, body: bytes) -> None:
    stream = StreamingBody(io.BytesIO(body), len(body))
    endpoint.add_response("invoke_endpoint", {"Body": stream, "ContentType": "application/json"}, REQUEST)


def test_the_photo_goes_to_the_endpoint_and_its_probabilities_come_back(endpoint: Stubber) -> None:
    answers(endpoint, json.dumps(RESPONSE).encode())

    answer = handler(EVENT, CONTEXT)

    endpoint.assert_no_pending_responses()
    assert answer == {
        **PHOTO,
        "inferences": [0.9, 0.1],
        "other": None,
        "labels": ["bicycle", "motorcycle"],
        "threshold": 0.8,
        "model_version": "training-job-1",
    }


@pytest.mark.parametrize(
    ("labels", "row", "other"),
    [
        (["bicycle", "motorcycle"], [0.1, 0.2], 0.7),
        (["bicycle", "motorcycle"], [0.9, 0.1], 0),
        (["bicycle", "motorcycle", "bus", "pickup_truck", "streetcar"], [0.1, 0.1, 0.1, 0.1, 0.2], 0.4),
    ],
)
def test_the_probability_of_something_else_is_passed_on(
    endpoint: Stubber, labels: list[str], row: list[float], other: float
) -> None:
    response = RESPONSE | {"labels": labels, "probabilities": [row], "other": [other]}
    answers(endpoint, json.dumps(response).encode())
    answer = handler(EVENT, CONTEXT)
    assert (answer["inferences"], answer["other"]) == (row, other)


def test_a_model_that_cannot_tell_is_not_taken_for_one_that_is_sure(endpoint: Stubber) -> None:
    answers(endpoint, json.dumps(RESPONSE | {"other": None}).encode())
    assert handler(EVENT, CONTEXT)["other"] is None


def test_what_monitoring_alone_reads_of_a_response_is_left_out(endpoint: Stubber) -> None:
    answers(endpoint, json.dumps(RESPONSE | {"upright": [0.98]}).encode())
    assert "upright" not in handler(EVENT, CONTEXT)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"null",
        json.dumps(RESPONSE | {"labels": ["bicycle"]}).encode(),
        json.dumps(RESPONSE | {"labels": "bicycle"}).encode(),
        json.dumps(RESPONSE | {"probabilities": [0.9, 0.1]}).encode(),
        json.dumps(RESPONSE | {"probabilities": [[0.9, 0.1], [0.9, 0.1]]}).encode(),
        json.dumps(RESPONSE | {"probabilities": []}).encode(),
        json.dumps(RESPONSE | {"probabilities": [[0.9, 0.2]]}).encode(),
        json.dumps(RESPONSE | {"probabilities": [[1.0]]}).encode(),
        json.dumps(RESPONSE | {"probabilities": [[float("nan"), 1.0]]}).encode(),
        json.dumps(RESPONSE | {"other": [0.5]}).encode(),
        json.dumps(RESPONSE | {"other": 0.0}).encode(),
        json.dumps(RESPONSE | {"other": []}).encode(),
        json.dumps(RESPONSE | {"other": [None]}).encode(),
        json.dumps(RESPONSE | {"other": [0.0, 0.0]}).encode(),
        json.dumps(RESPONSE | {"other": [[0.0]]}).encode(),
        json.dumps(RESPONSE | {"other": ["0"]}).encode(),
        json.dumps(RESPONSE | {"other": [float("nan")]}).encode(),
        json.dumps(RESPONSE | {"probabilities": [[0.9, 0.2]], "other": [-0.1]}).encode(),
        json.dumps(RESPONSE | {"threshold": None}).encode(),
        json.dumps(RESPONSE | {"model_version": ""}).encode(),
        *(json.dumps({k: v for k, v in RESPONSE.items() if k != key}).encode() for key in RESPONSE),
    ],
)
def test_a_response_that_breaks_the_contract(endpoint: Stubber, body: bytes) -> None:
    answers(endpoint, body)
    with pytest.raises(EndpointFailed, match="the endpoint's response breaks its contract: "):
        handler(EVENT, CONTEXT)


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("ThrottlingException", "Rate exceeded", EndpointThrottled),
        ("ServiceUnavailable", "busy", EndpointThrottled),
        ("ModelNotReadyException", "loading", EndpointThrottled),
        ("ValidationError", "Endpoint vehicles of account 123456789012 not found.", EndpointNotReady),
        ("ValidationException", "Endpoint vehicles is not InService", EndpointNotReady),
        ("ValidationError", "1 validation error detected: value at 'inferenceId' failed", EndpointFailed),
        ("InternalFailure", "sorry", EndpointFailed),
        ("InternalDependencyException", "sorry", EndpointFailed),
        ("AccessDeniedException", "no", EndpointFailed),
    ],
)
def test_errors_of_the_call(endpoint: Stubber, code: str, message: str, expected: type[Exception]) -> None:
    endpoint.add_client_error("invoke_endpoint", code, message)
    with pytest.raises(expected, match=message):
        handler(EVENT, CONTEXT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, PhotoRejected), (415, PhotoRejected), (499, PhotoRejected), (500, ModelFailed), (503, ModelFailed)],
)
def test_answers_of_the_model(endpoint: Stubber, status: int, expected: type[Exception]) -> None:
    fields = {"OriginalStatusCode": status, "OriginalMessage": "unreadable image"}
    endpoint.add_client_error("invoke_endpoint", "ModelError", "Received client error", 424, modeled_fields=fields)
    with pytest.raises(expected, match=f"the model answered {status}: unreadable image"):
        handler(EVENT, CONTEXT)


def test_a_call_that_breaks_off(endpoint: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise ReadTimeoutError(endpoint_url="https://runtime")

    stream = StreamingBody(Broken(), 10)
    endpoint.add_response("invoke_endpoint", {"Body": stream, "ContentType": "application/json"}, REQUEST)
    with pytest.raises(EndpointFailed, match="the call of endpoint 'vehicles' broke off: Read timeout"):
        handler(EVENT, CONTEXT)


def test_line_breaks_in_base64_do_no_harm(endpoint: Stubber) -> None:
    answers(endpoint, json.dumps(RESPONSE).encode())
    assert handler({**EVENT, "image_data": base64.encodebytes(PNG).decode()}, CONTEXT)["inferences"] == [0.9, 0.1]


@pytest.mark.parametrize("image_data", [None, "", "ä", "no base64!", "abc", 5])
def test_an_invalid_image_is_refused_before_the_call(endpoint: Stubber, image_data: Any) -> None:
    with pytest.raises(InvalidRequest, match="'image_data' must be"):
        handler(EVENT | {"image_data": image_data}, CONTEXT)


def test_the_endpoint_must_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENDPOINT_NAME", raising=False)
    with pytest.raises(ConfigurationError, match="ENDPOINT_NAME is missing"):
        handler(EVENT, CONTEXT)
