import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.sagemaker.hosting.capture import Exchange, object_name, record

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89_000, tzinfo=UTC)
OPTIONS = [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
TYPES = {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]}
CONFIG = {"CaptureOptions": OPTIONS, "CaptureContentTypeHeader": TYPES}
REAL = Path(__file__).parents[5] / "../shared/data/captures"


def sides(exchange: Exchange, config: dict[str, Any] = CONFIG) -> dict[str, Any]:
    return dict(record(exchange, config, "id", MOMENT)["captureData"])


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "data"),
    [
        (b'{"a": 1}', "application/json", "JSON", '{"a": 1}'),
        (b'{"a": 1}', "application/json; charset=utf-8", "JSON", '{"a": 1}'),
        (b"1,2", "text/csv", "CSV", "1,2"),
        (b"\x89PNG", "image/png", "BASE64", "iVBORw=="),
        (b"\xff", "application/json", "BASE64", "/w=="),
    ],
)
def test_encodings(body: bytes, content_type: str, encoding: str, data: str) -> None:
    side = sides(Exchange(body, content_type, b"", "text/plain"))["endpointInput"]
    assert side == {"observedContentType": content_type, "mode": "INPUT", "data": data, "encoding": encoding}


def test_only_what_the_options_ask_for() -> None:
    exchange = Exchange(b"a", "text/csv", b"b", "text/csv")
    assert sides(exchange, {"CaptureOptions": [{"CaptureMode": "Output"}]}).keys() == {"endpointOutput"}
    assert sides(exchange, {"CaptureOptions": [{"CaptureMode": "InputAndOutput"}]}).keys() == {
        "endpointInput",
        "endpointOutput",
    }


def test_without_listed_types_all_is_base64() -> None:
    side = sides(Exchange(b"{}", "application/json", b"", ""), {"CaptureOptions": OPTIONS})["endpointInput"]
    assert side["encoding"] == "BASE64"


def test_metadata() -> None:
    exchange = Exchange(b"", "", b"", "", inference_id="mine", custom_attributes="a=b")
    assert record(exchange, CONFIG, "id", MOMENT)["eventMetadata"] == {
        "eventId": "id",
        "customAttributes": ["a=b"],
        "inferenceId": "mine",
        "inferenceTime": "2026-03-04T05:06:07Z",
    }


def test_object_names() -> None:
    assert object_name(MOMENT, "id") == "2026/03/04/05/06-07-089-id.jsonl"


def test_records_are_those_of_real_endpoints() -> None:
    """Re-made from its own content, every captured record of a real image endpoint comes out the same."""
    import base64

    if not REAL.is_dir():
        pytest.skip("needs captures of real endpoints in ../shared/data/captures")
    compared = 0
    for path in sorted(REAL.rglob("*.jsonl")):
        for line in path.read_text().splitlines():
            real = json.loads(line)
            data, metadata = real["captureData"], real["eventMetadata"]
            if data["endpointInput"]["encoding"] != "BASE64" or data["endpointOutput"]["encoding"] != "JSON":
                continue
            exchange = Exchange(
                base64.b64decode(data["endpointInput"]["data"]),
                data["endpointInput"]["observedContentType"],
                data["endpointOutput"]["data"].encode(),
                data["endpointOutput"]["observedContentType"],
                metadata.get("inferenceId", ""),
            )
            moment = datetime.strptime(metadata["inferenceTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            assert json.dumps(record(exchange, CONFIG, metadata["eventId"], moment)) == json.dumps(real), path
            compared += 1
    assert compared > 100
