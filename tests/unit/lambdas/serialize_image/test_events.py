"""Events that name no photo are refused by `serialize_image`."""

from typing import Any

import pytest
from unit.lambdas.context import CONTEXT

from lambdas.serialize_image.handler import handler
from lambdas.shared.errors import InvalidRequest


def test_an_invalid_event_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_bucket' is missing"):
        handler({}, CONTEXT)


@pytest.mark.parametrize("given", [None, [], "photos/a.png", {}, {"s3_bucket": "b"}])
def test_an_input_without_a_photo_is_refused_by_name(given: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"'s3_(bucket|key)' is missing"):
        handler({"input": given, "inference_id": "a"}, CONTEXT)


def test_a_version_that_no_address_can_hold_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_version_id' must be printable ASCII"):
        handler({"s3_bucket": "b", "s3_key": "k", "inference_id": "a", "s3_version_id": "a\nb"}, CONTEXT)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'s3_key' must be Unicode"):
        handler({"s3_bucket": "bucket", "s3_key": "photos/\ud83d", "inference_id": "a"}, CONTEXT)
