"""Data capture: what an endpoint keeps of requests and answers, and in which format."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.local.support import BUCKET, Hear, stored

Ask = Callable[..., dict[str, Any]]

CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": f"s3://{BUCKET}/capture",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
}


def test_capture_has_the_format_of_real_files(sagemaker: Any, ask: Ask, s3: Any, serve: Any, data: Path) -> None:
    serve("captured", DataCaptureConfig=CAPTURE)
    described = sagemaker.describe_endpoint(EndpointName="captured")
    assert described["DataCaptureConfig"]["CaptureStatus"] == "Started"
    config = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    assert config["DataCaptureConfig"] == CAPTURE
    for number in range(3):
        ask("captured", b"\x89PNG", ContentType="image/png", InferenceId=f"id-{number}")
    ask("captured", b"1,2", ContentType="text/csv")
    sagemaker.delete_endpoint(EndpointName="captured")  # writes what is left
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix="capture/captured/AllTraffic/")["Contents"]
    texts = [stored(s3, f"s3://{BUCKET}/{item['Key']}").decode() for item in found]
    for item, text in zip(found, texts, strict=True):
        parts = item["Key"].split("/")
        assert [len(part) for part in parts[3:7]] == [4, 2, 2, 2]
        assert text.endswith("}\n")
        assert (data / "s3" / BUCKET / item["Key"]).read_text() == text
    records = [json.loads(line) for text in texts for line in text.splitlines()]
    assert len(found) < len(records) == 4  # a file holds many lines
    check_first(records[0])
    assert records[3]["captureData"]["endpointInput"]["encoding"] == "CSV"


def check_first(first: dict[str, Any]) -> None:
    """The record of an image: the request in base64, the answer as JSON."""
    assert list(first) == ["captureData", "eventMetadata", "eventVersion"]
    assert first["captureData"]["endpointInput"] == {
        "observedContentType": "image/png",
        "mode": "INPUT",
        "data": base64.b64encode(b"\x89PNG").decode(),
        "encoding": "BASE64",
    }
    answer = first["captureData"]["endpointOutput"]
    assert list(answer) == ["observedContentType", "mode", "data", "encoding"]
    assert (answer["observedContentType"], answer["mode"], answer["encoding"]) == ("application/json", "OUTPUT", "JSON")
    assert json.loads(answer["data"])["size"] == 4
    assert list(first["eventMetadata"]) == ["eventId", "inferenceId", "inferenceTime"]
    assert first["eventMetadata"]["inferenceId"] == "id-0"
    assert time.strptime(first["eventMetadata"]["inferenceTime"], "%Y-%m-%dT%H:%M:%SZ")
    assert first["eventVersion"] == "0"


@pytest.mark.parametrize(
    ("modes", "percentage", "expected"),
    [
        (["Input"], 100, [{"endpointInput"}] * 2),
        (["Output"], 100, [{"endpointOutput"}] * 2),
        (["InputAndOutput"], 100, [{"endpointInput", "endpointOutput"}] * 2),
        (["Input"], 0, []),
    ],
    ids=["input", "output", "both", "none"],
)
def test_capture_modes_and_percentage(
    sagemaker: Any,
    ask: Ask,
    s3: Any,
    serve: Any,
    modes: list[str],
    percentage: int,
    expected: list[set[str]],
    request: pytest.FixtureRequest,
) -> None:
    name = f"captured-{request.node.callspec.id}"
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": f"s3://{BUCKET}/modes",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
    }
    serve(name, DataCaptureConfig=capture)
    for number in range(2):
        ask(name, InferenceId=f"id-{number}", CustomAttributes="trace=1")
    sagemaker.delete_endpoint(EndpointName=name)
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"modes/{name}/").get("Contents", [])
    text = "".join(stored(s3, f"s3://{BUCKET}/{item['Key']}").decode() for item in found)
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["captureData"].keys() for record in records] == expected
    assert [record["eventMetadata"]["inferenceId"] for record in records] == ["id-0", "id-1"][: len(expected)]
    assert all(record["eventMetadata"]["customAttributes"] == ["trace=1"] for record in records)


def test_captures_that_cannot_be_written_are_reported(ask: Ask, sagemaker: Any, serve: Any, hear: Hear) -> None:
    serve("lost", DataCaptureConfig={**CAPTURE, "DestinationS3Uri": "s3://no-such-bucket/capture"})
    ask("lost")
    hear("lost/AllTraffic: 1 captured records are lost")
    sagemaker.delete_endpoint(EndpointName="lost")
