"""Each call of a function leaves one JSON line with the ids of the call, and no photo."""

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber
from PIL import Image
from unit.lambdas import deployment
from unit.lambdas.context import CONTEXT, FUNCTION, REQUEST_ID
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.classify_image.handler import handler as classify
from lambdas.deploy_model.handler import handler as deploy
from lambdas.filter_inference.handler import handler as filter_inference
from lambdas.serialize_image.handler import handler as serialize
from lambdas.shared.clients import client
from lambdas.shared.errors import EndpointFailed, InvalidRequest, PackageNotApproved, PhotoRejected, PhotoUnreadable
from lambdas.shared.events import kind
from lambdas.shared.logging import LONGEST, printable, to_json

PHOTO = {"s3_bucket": "bucket", "s3_key": "photos/a.png", "inference_id": "photo-1"}
ANSWER = {
    "labels": ["bicycle", "motorcycle"],
    "probabilities": [[0.9, 0.1]],
    "threshold": 0.8,
    "model_version": "training-job-1",
}
INFERENCE = {**PHOTO, **ANSWER, "inferences": [0.9, 0.08], "other": 0.02}


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A PNG that no compression makes small."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def photo_text(photo: bytes) -> str:
    return base64.b64encode(photo).decode()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ENDPOINT_NAME", "vehicles")
    with Stubber(client("sagemaker-runtime")) as stubber:
        yield stubber


def only_line(log: io.StringIO) -> dict[str, Any]:
    """The one line of the log, after a look at what every line has, and at what none may have."""
    [text] = log.getvalue().splitlines()
    assert not re.search(r"[A-Za-z0-9+/=\\]{100}", text)  # base64, or escaped bytes
    line: dict[str, Any] = json.loads(text)
    assert line["function_name"] == FUNCTION
    assert line["function_version"] == "$LATEST"
    assert line["function_request_id"] == REQUEST_ID
    assert line["function_arn"].endswith(f":function:{FUNCTION}")
    assert isinstance(line["cold_start"], bool)
    assert "service" in line
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.\d{3}\+00:00", line["timestamp"])
    assert (datetime.now(UTC) - datetime.fromisoformat(line["timestamp"])).total_seconds() < 60
    assert line["duration_ms"] >= 0
    return line


def says(line: dict[str, Any], **keys: object) -> bool:
    return keys.items() <= line.items()


def test_serialize_image(log: io.StringIO, put: Callable[[bytes], dict[str, str]], photo: bytes) -> None:
    event = put(photo)
    answer = serialize({**event, "more": "than is needed"}, CONTEXT)
    line = only_line(log)
    assert says(line, level="INFO", message="done", image_data_length=len(answer["image_data"]), **event)
    assert "more" not in line


def test_serialize_image_of_a_broken_photo(
    log: io.StringIO, put: Callable[[bytes], dict[str, str]], photo: bytes
) -> None:
    event = put(photo[:-200])
    with pytest.raises(PhotoUnreadable) as raised:
        serialize(event, CONTEXT)
    expected = {"exception_name": "PhotoUnreadable", "reason": str(raised.value)}
    assert says(only_line(log), level="ERROR", message="failed", **expected, **event)


def test_classify_image(log: io.StringIO, endpoint: Stubber, photo_text: str) -> None:
    body = json.dumps(ANSWER).encode()
    stream = StreamingBody(io.BytesIO(body), len(body))
    endpoint.add_response("invoke_endpoint", {"Body": stream, "ContentType": "application/json"})
    classify({**PHOTO, "image_data": photo_text}, CONTEXT)
    expected = {"endpoint_name": "vehicles", "model_version": "training-job-1"}
    assert says(only_line(log), level="INFO", message="done", **PHOTO, **expected)


def test_classify_image_of_a_photo_that_the_model_rejects(log: io.StringIO, endpoint: Stubber, photo_text: str) -> None:
    fields = {"OriginalStatusCode": 400, "OriginalMessage": "not a photo"}
    endpoint.add_client_error("invoke_endpoint", "ModelError", modeled_fields=fields)
    with pytest.raises(PhotoRejected):
        classify({**PHOTO, "image_data": photo_text}, CONTEXT)
    expected = {"exception_name": "PhotoRejected", "reason": "the model answered 400: not a photo"}
    assert says(only_line(log), level="ERROR", message="failed", endpoint_name="vehicles", **PHOTO, **expected)


def test_classify_image_of_an_answer_that_repeats_the_photo(
    log: io.StringIO, endpoint: Stubber, photo_text: str
) -> None:
    endpoint.add_client_error("invoke_endpoint", "InternalFailure", photo_text)
    with pytest.raises(EndpointFailed) as raised:
        classify({**PHOTO, "image_data": photo_text}, CONTEXT)
    assert only_line(log)["reason"] == f"a str of length {len(str(raised.value))}"


def test_filter_inference(log: io.StringIO) -> None:
    filter_inference(INFERENCE, CONTEXT)
    expected = {"decision": "accepted", "label": "bicycle", "confidence": 0.9, "other": 0.02, "threshold": 0.8}
    assert says(only_line(log), level="INFO", message="done", model_version="training-job-1", **PHOTO, **expected)


def test_deploy_model(log: io.StringIO, sagemaker: Any) -> None:
    arn = f"{deployment.ARN}/2"
    outcome = deployment.change(2)
    assert outcome["action"] == "created"
    expected = {"event_id": deployment.EVENT_ID, "requested_package_arn": arn, **outcome}
    assert says(only_line(log), level="INFO", message="done", **expected)


def test_deploy_model_of_what_nobody_has_approved(log: io.StringIO, sagemaker: Any) -> None:
    with pytest.raises(PackageNotApproved):
        deployment.deploy(3)
    line = only_line(log)
    assert says(line, level="ERROR", message="failed", requested_package_arn=f"{deployment.ARN}/3")
    assert says(line, exception_name="PackageNotApproved", endpoint_name=deployment.ENVIRONMENT["ENDPOINT_NAME"])
    assert "event_id" not in line


def test_deploy_model_says_why_it_does_nothing(log: io.StringIO, sagemaker: Any) -> None:
    deploy(deployment.event_of(2, ["CustomerMetadataProperties"]), CONTEXT)
    line = only_line(log)
    assert says(line, message="done", action="ignored", reason="no decision about a version of this group")
    assert says(line, requested_package_arn=f"{deployment.ARN}/2")


def test_deploy_model_says_that_another_was_quicker(log: io.StringIO, account: Account) -> None:
    account.versions[1] = "Approved"
    account.before["CreateEndpoint"] = lambda: setattr(account, "endpoint", Endpoint("Creating", "theirs"))
    deployment.change(1)
    why, done = map(json.loads, log.getvalue().splitlines())
    assert says(why, level="INFO", message="the endpoint is being changed", event_id=deployment.EVENT_ID)
    assert "already existing" in why["reason"]
    assert says(done, message="done", action="waiting")


def test_deploy_model_warns_when_no_version_is_approved(log: io.StringIO, account: Account) -> None:
    account.versions[2] = "Rejected"
    deployment.change(2)
    why, done = map(json.loads, log.getvalue().splitlines())
    assert says(why, level="WARNING", requested_package_arn=f"{deployment.ARN}/2")
    assert why["message"] == "no version is approved; the endpoint stays as it is"
    assert says(done, message="done", action="ignored", state="settled")


@pytest.mark.parametrize("handler", [serialize, classify, filter_inference, deploy])
@pytest.mark.parametrize("key", ["s3_key", "inference_id", "image_data", "inferences", "labels", "model_package_arn"])
def test_a_photo_in_the_wrong_place(
    handler: Any, key: str, log: io.StringIO, photo_text: str, artefacts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDPOINT_NAME", "vehicles")
    event = {**INFERENCE, "s3_bucket": "", key: photo_text}  # no handler accepts a bucket without a name
    with pytest.raises(InvalidRequest):
        handler(event, CONTEXT)
    assert says(only_line(log), message="failed", exception_name="InvalidRequest")


def test_a_call_does_not_log_what_belongs_to_the_one_before(log: io.StringIO) -> None:
    filter_inference(INFERENCE, CONTEXT)
    with pytest.raises(InvalidRequest):
        filter_inference({}, CONTEXT)
    first, second = map(json.loads, log.getvalue().splitlines())
    assert says(first, **PHOTO)
    assert not second.keys() & {*PHOTO, "decision", "label", "confidence"}
    assert second["function_version"] == first["function_version"]


@pytest.mark.parametrize(
    "value",
    ["x" * (LONGEST + 1), b"\x89PNG", bytearray(b"\x89PNG"), [137] * (LONGEST + 1), (137,) * (LONGEST + 1)],
    ids=lambda value: type(value).__name__,
)
def test_what_could_be_a_photo_is_told_by_type_and_length(value: Any) -> None:
    assert printable(value) == kind(value)
    assert printable({"deep": [{"down": value}]}) == {"deep": [{"down": kind(value)}]}
    assert printable((value, 1)) == [kind(value), 1]


@pytest.mark.parametrize("value", ["x" * LONGEST, "", 0.5, None, True, [1, "a"], {"a": {"b": []}}])
def test_anything_else_stays_as_it_is(value: Any) -> None:
    assert printable(value) == value


@dataclass(frozen=True)
class Request:
    image: bytes


def test_an_object_is_told_by_its_type_alone() -> None:
    assert json.loads(to_json({"message": Request(b"\x89PNG")})) == {"message": "a Request"}


def test_a_key_could_be_a_photo_too(photo_text: str) -> None:
    assert printable({photo_text: 1}) == {kind(photo_text): 1}
