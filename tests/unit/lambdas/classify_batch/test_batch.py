"""The event of a batch, and what tells batches apart."""

import dataclasses
import re
from typing import Any

import pytest

from lambdas.classify_batch.batch import Batch
from lambdas.shared.errors import InvalidRequest

ROUTES = {"bicycle": {"loading_bay": "A", "order_radius_km": 3.0}}
SOURCE = {"bucket": "photos", "key": "list", "format": "csv"}


def event(**common: Any) -> dict[str, Any]:
    return {"Items": ["a", "b"], "BatchInput": {"run": "run-1", "source": SOURCE, "routes": ROUTES, **common}}


def test_a_batch_is_read_from_its_event() -> None:
    assert Batch.parse(event()) == Batch("run-1", "photos", False, ROUTES, ["a", "b"])
    inventory = Batch.parse(event(source={**SOURCE, "format": "inventory"}))
    assert inventory == Batch("run-1", "photos", True, ROUTES, ["a", "b"])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"Items": []}, "'Items' must be a list of photos, got a list of length 0"),
        ({"Items": "a"}, "'Items' must be a list of photos, got a str of length 1"),
        ({"BatchInput": 3}, "expected a JSON object with 'source', got int"),
        (event(source={"format": "csv"}), "'bucket' is missing"),
        (event(source={"bucket": "photos"}), "'format' is missing"),
        (event(source={**SOURCE, "bucket": "b" * 64}), "'bucket' must be at most 63 bytes"),
        (event(routes=[]), "'routes' must have a route for each class, got a list of length 0"),
        (event(run="../x"), "'run' must be up to 80 letters"),
        (event(run="r" * 81), "'run' must be up to 80 letters"),
    ],
)
def test_an_event_that_is_no_batch_is_told_what_is_wrong(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidRequest, match=re.escape(says)):
        Batch.parse({**event(), **changed})


def test_batches_are_told_apart_by_their_items_in_whatever_order_their_members_are() -> None:
    one, same, other = (
        dataclasses.replace(Batch.parse(event()), items=items)
        for items in ([{"bucket": "b", "key": "k"}], [{"key": "k", "bucket": "b"}], [{"bucket": "b", "key": "l"}])
    )
    assert one.digest == same.digest != other.digest
    assert re.fullmatch("[0-9a-f]{32}", one.digest)


def test_requests_are_named_after_run_batch_and_number() -> None:
    batch = Batch.parse(event())
    names = [batch.inference_id(0), batch.inference_id(1), Batch.parse(event(run="run-2")).inference_id(0)]
    assert len(set(names)) == 3
    assert all(re.fullmatch(f"batch-[0-9a-f]{{8}}-{batch.digest}-[01]", name) for name in names)
