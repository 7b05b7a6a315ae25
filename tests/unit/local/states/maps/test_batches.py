from typing import Any

import pytest

from local.states.language.sizes import LIMIT
from local.states.maps.batches import batches
from local.states.maps.templates import template
from local.states.maps.tolerance import Tolerance


def test_items_go_into_batches_by_number() -> None:
    assert batches([1, 2, 3], {"MaxItemsPerBatch": 2, "BatchInput": {"x": 1}}) == [
        {"BatchInput": {"x": 1}, "Items": [1, 2]},
        {"BatchInput": {"x": 1}, "Items": [3]},
    ]


def test_items_go_into_batches_by_bytes_of_utf_8() -> None:
    enough = len('{"Items":["é","é"]}'.encode())
    assert [len(batch["Items"]) for batch in batches(["é"] * 4, {"MaxInputBytesPerBatch": enough})] == [2, 2]
    assert [len(batch["Items"]) for batch in batches(["é"] * 4, {"MaxInputBytesPerBatch": enough - 1})] == [1] * 4


def test_no_batch_is_larger_than_an_input_may_be() -> None:
    found = batches(["x" * 100_000] * 3, {"MaxItemsPerBatch": 3, "MaxInputBytesPerBatch": 10 * LIMIT})
    assert [len(batch["Items"]) for batch in found] == [2, 1]


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "x", None])
def test_a_limit_is_a_positive_integer(number: Any) -> None:
    with pytest.raises(ValueError, match="MaxItemsPerBatch must be a positive integer"):
        batches([1], {"MaxItemsPerBatch": number})


def test_an_item_that_fits_into_no_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than a batch may be"):
        batches(["x" * 30], {"MaxInputBytesPerBatch": 30})


def test_a_limit_by_a_path_becomes_a_template() -> None:
    assert template({"MaxItemsPerBatchPath": "$.n", "BatchInput": {}}) == {
        "MaxItemsPerBatch.$": "$.n",
        "BatchInput": {},
    }


@pytest.mark.parametrize(
    ("count", "percentage", "failed", "exceeded"),
    [
        (None, None, 0, False),
        (None, None, 1, True),
        (2, None, 2, False),
        (2, None, 3, True),
        (None, 50.0, 5, False),
        (None, 50.0, 6, True),
        (9, 10.0, 2, True),
        (0, 100.0, 1, True),
    ],
)
def test_either_limit_is_enough(count: int | None, percentage: float | None, failed: int, exceeded: bool) -> None:
    assert Tolerance(count, percentage).exceeded(failed, 10) is exceeded
