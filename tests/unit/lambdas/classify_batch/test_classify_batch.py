"""`classify_batch`, from S3 and an endpoint that answers several photos to the rows."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.response import StreamingBody
from PIL import Image
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT

from lambdas.classify_batch.handler import handler
from lambdas.classify_batch.rows import COLUMNS
from lambdas.shared.clients import client
from lambdas.shared.errors import EndpointFailed, EndpointThrottled, StorageUnavailable

ROUTES = {name: {"loading_bay": bay, "order_radius_km": 3.0} for name, bay in (("bicycle", "A"), ("motorcycle", "B"))}
OPERATION = "before-call.sagemaker-runtime.InvokeEndpoint"
HELD = [0.9, 0.1]


class Endpoint:
    """Answers InvokeEndpoint once botocore has checked the call; says bicycle of all photos, unless told otherwise."""

    def __init__(self) -> None:
        self.asked: list[int] = []  # how many photos each request had
        self.ids: list[str] = []
        self.kinds: list[str] = []
        self.refuses: Callable[[list[bytes]], int] = lambda _: 200

    def __call__(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        headers, body = params["headers"], params["body"]
        images = [body]
        if headers["Content-Type"] == "application/json":
            images = [base64.b64decode(each) for each in json.loads(body)["instances"]]
        self.asked.append(len(images))
        self.kinds.append(headers["Content-Type"])
        self.ids.append(headers["X-Amzn-SageMaker-Inference-Id"])
        assert all(Image.open(io.BytesIO(image)).format == "PNG" for image in images)
        if (status := self.refuses(images)) != 200:
            code = "ModelError" if status < 500 else "ThrottlingException"
            error = {"Error": {"Code": code, "Message": "no"}, "OriginalStatusCode": status}
            return AWSResponse("", 424, {}, None), error
        answer = {"labels": [*ROUTES], "probabilities": [HELD] * len(images), "other": [0.0] * len(images)}
        text = json.dumps({**answer, "upright": [0.9] * len(images), "threshold": 0.8, "model_version": "v1"}).encode()
        return AWSResponse("", 200, {}, None), {"Body": StreamingBody(io.BytesIO(text), len(text))}


@pytest.fixture
def endpoint(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("ENDPOINT_NAME", "vehicles")
    monkeypatch.setenv("BUCKET", BUCKET)
    made, events = Endpoint(), client("sagemaker-runtime").meta.events
    events.register(OPERATION, made)
    yield made
    events.unregister(OPERATION, made)


@pytest.fixture
def photos(s3: Any, encode: Callable[..., bytes]) -> list[str]:
    """Keys of five photos, each of another brightness."""
    keys = [f"backfill/{index}.png" for index in range(5)]
    for index, key in enumerate(keys):
        s3.put_object(Bucket=BUCKET, Key=key, Body=encode(Image.new("RGB", (32, 32), (50 * index,) * 3)))
    return keys


def event(items: list[Any], run: str = "run-1", source: str = "jsonl") -> dict[str, Any]:
    return {
        "Items": items,
        "BatchInput": {"run": run, "source": {"bucket": BUCKET, "key": "list", "format": source}, "routes": ROUTES},
    }


def rows_of(items: list[Any], run: str = "run-1") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = handler(event(items, run), CONTEXT)["rows"]
    return rows


def test_several_photos_go_in_one_request_and_each_gets_a_row(endpoint: Endpoint, photos: list[str]) -> None:
    rows = rows_of(photos)
    assert endpoint.asked == [5]
    assert [(row["s3_key"], row["position"]) for row in rows] == [(key, place) for place, key in enumerate(photos)]
    assert rows[0] == {
        "s3_bucket": BUCKET,
        "s3_key": "backfill/0.png",
        "s3_version_id": None,
        "decision": "accepted",
        "label": "bicycle",
        "confidence": 0.9,
        "other": 0.0,
        "threshold": 0.8,
        "loading_bay": "A",
        "order_radius_km": 3.0,
        "model_version": "v1",
        "inference_id": endpoint.ids[0],
        "position": 0,
        "reason": None,
    }
    assert len(endpoint.ids[0]) <= 64
    assert all(tuple(row) == COLUMNS for row in rows)


def test_bad_photos_are_rows_with_their_reasons(endpoint: Endpoint, photos: list[str], s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="backfill/broken.png", Body=b"no picture")
    changed = {"Key": photos[1], "Etag": '"0123"'}
    rows = rows_of(
        [photos[0], "backfill/broken.png", "backfill/gone.png", {"file": "x"}, changed, "backfill/", photos[2]]
    )
    assert endpoint.asked == [2]
    assert [row["decision"] for row in rows] == ["accepted", *["unusable"] * 4, "skipped", "accepted"]
    reasons = [row["reason"] for row in rows]
    assert reasons[1].startswith("PhotoUnreadable: not a readable photo")
    assert reasons[2].startswith("PhotoNotFound: there is no s3://")
    assert reasons[3].startswith("InvalidRequest: 's3_key' is missing")
    assert rows[3]["s3_bucket"] == BUCKET
    assert reasons[3].endswith('the entry is {"file": "x"}')
    assert reasons[4].startswith("PhotoChanged: ")
    assert "folder" in reasons[5]
    assert (rows[6]["position"], rows[6]["reason"]) == (1, None)


def test_a_batch_without_a_good_photo_asks_nobody(endpoint: Endpoint) -> None:
    assert [row["decision"] for row in rows_of(["backfill/gone.png"])] == ["unusable"]
    assert endpoint.asked == []


def test_a_model_that_takes_one_photo_at_a_time_is_asked_one_by_one(endpoint: Endpoint, photos: list[str]) -> None:
    endpoint.refuses = lambda images: 415 if len(images) > 1 else 200
    rows = rows_of(photos)
    assert endpoint.asked == [5, 1, 1, 1, 1, 1]
    assert {row["decision"] for row in rows} == {"accepted"}


def test_one_photo_alone_is_sent_as_it_is(endpoint: Endpoint, photos: list[str]) -> None:
    rows_of(photos[:1])
    rows_of(photos[:2])
    assert endpoint.kinds == ["image/png", "application/json"]


def test_items_of_an_inventory_have_encoded_keys_and_may_be_deleted(endpoint: Endpoint, photos: list[str]) -> None:
    deleted = {"Bucket": BUCKET, "Key": "backfill/1.png", "IsDeleteMarker": "true"}
    rows = handler(event([{"Bucket": BUCKET, "Key": "backfill%2F0.png"}, deleted], source="inventory"), CONTEXT)["rows"]
    assert [(row["s3_key"], row["decision"]) for row in rows] == [
        ("backfill/0.png", "accepted"),
        ("backfill/1.png", "skipped"),
    ]


def test_a_photo_that_the_model_refuses_does_not_take_the_others_with_it(endpoint: Endpoint, photos: list[str]) -> None:
    black = []

    def refuses(images: list[bytes]) -> int:
        black.extend(image for image in images if Image.open(io.BytesIO(image)).getpixel((0, 0)) == (0, 0, 0))
        return 400 if any(image in black for image in images) else 200

    endpoint.refuses = refuses
    rows = rows_of(photos)
    assert [row["decision"] for row in rows] == ["unusable", *["accepted"] * 4]
    assert rows[0]["reason"] == "PhotoRejected: the model answered 400: no"


def test_what_a_service_cannot_do_now_fails_the_batch_which_is_tried_again(
    endpoint: Endpoint, photos: list[str], s3: Any
) -> None:
    endpoint.refuses = lambda _: 503
    with pytest.raises(EndpointThrottled):
        rows_of(photos)
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="batches/")


def test_an_answer_with_too_few_rows_is_the_endpoints_failure(endpoint: Endpoint, photos: list[str]) -> None:
    endpoint.refuses = lambda images: images.pop() and 200  # type: ignore[func-returns-value, return-value]
    with pytest.raises(EndpointFailed, match="one row for each of the 5 images, got a list of length 4"):
        rows_of(photos)


def test_a_batch_that_this_run_has_answered_is_not_asked_about_again(endpoint: Endpoint, photos: list[str]) -> None:
    first = rows_of(photos)
    assert rows_of(photos) == first
    assert endpoint.asked == [5]
    rows_of(photos[:4])  # another batch
    rows_of(photos, run="run-2")
    assert endpoint.asked == [5, 4, 5]
    assert len(set(endpoint.ids)) == 3


def test_many_photos_go_in_several_requests_and_rows_keep_their_order(
    endpoint: Endpoint, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lambdas.classify_batch.requests.MOST_BYTES", 300)
    items = ["backfill/gone.png", *photos, "backfill/", *photos, "backfill/gone.png"]
    rows = rows_of(items)
    assert [row["s3_key"] for row in rows] == items
    assert [row["decision"] for row in rows] == [
        "unusable",
        *["accepted"] * 5,
        "skipped",
        *["accepted"] * 5,
        "unusable",
    ]
    assert (len(endpoint.asked), sum(endpoint.asked)) == (len(set(endpoint.ids)), 10)
    assert 1 < len(endpoint.asked) < 10
    asked = [row for row in rows if row["decision"] == "accepted"]
    places = [(name, place) for name, count in zip(endpoint.ids, endpoint.asked, strict=True) for place in range(count)]
    assert [(row["inference_id"], row["position"]) for row in asked] == places


@pytest.mark.parametrize("operation", ["GetObject", "PutObject"])
def test_rows_that_cannot_be_read_or_kept_fail_the_batch(
    endpoint: Endpoint, photos: list[str], s3: Any, operation: str
) -> None:
    def refuse(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        if "/batches/" not in params["url_path"]:
            return None
        return AWSResponse("", 503, {}, None), {"Error": {"Code": "SlowDown", "Message": "less, please"}}

    client("s3").meta.events.register(f"before-call.s3.{operation}", refuse)
    verb = {"GetObject": "read", "PutObject": "written"}[operation]
    with pytest.raises(
        StorageUnavailable, match=rf"^batches/run-1/parts/[0-9a-f]{{32}}\.json cannot be {verb}: .*less"
    ):
        rows_of(photos)


def test_rows_are_kept_as_json(endpoint: Endpoint, photos: list[str], s3: Any) -> None:
    rows = rows_of(photos)
    (kept,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="batches/run-1/parts/")["Contents"]
    found = s3.get_object(Bucket=BUCKET, Key=kept["Key"])
    assert (json.load(found["Body"]), found["ContentType"]) == (rows, "application/json")
