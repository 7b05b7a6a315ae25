"""The photos of a batch are divided into requests that an endpoint takes."""

import base64
import json

from lambdas.classify_batch.requests import MOST_BYTES, requests


def test_two_photos_that_just_fit_go_together() -> None:
    """Each is 4 / 3 as long in base64, and has 4 bytes for rounding and 4 of JSON beside it."""
    half = bytes((MOST_BYTES // 2 - 8) * 3 // 4)
    assert list(requests([half, half])) == [range(2)]
    assert list(requests([half, half + bytes(3)])) == [range(1), range(1, 2)]
    assert list(requests([half, half, bytes(1)])) == [range(2), range(2, 3)]
    assert list(requests([half, half, half, half])) == [range(2), range(2, 4)]
    assert list(requests([bytes(MOST_BYTES), bytes(1)])) == [range(1), range(1, 2)]


def test_no_request_is_too_large_and_no_photo_is_lost() -> None:
    images = [bytes(size) for size in (154_000,) * 50]
    parts = list(requests(images))
    assert [index for part in parts for index in part] == [*range(50)]
    assert len(parts) == 3
    for part in parts:
        instances = [base64.b64encode(images[index]).decode() for index in part]
        assert len(json.dumps({"instances": instances})) <= MOST_BYTES + 20
    assert list(requests([])) == []
    assert list(requests([bytes(10), bytes(MOST_BYTES), bytes(10)])) == [range(1), range(1, 2), range(2, 3)]
