"""ItemBatcher: puts items together into the inputs of child executions."""

import json
from collections.abc import Iterator

from local.protocol.json_types import Json, Record
from local.states.language.sizes import LIMIT

UNLIMITED = 10**9
LIMITS = {"MaxItemsPerBatch": UNLIMITED, "MaxInputBytesPerBatch": LIMIT}


def limits(batcher: Record) -> tuple[int, int]:
    """The most items and bytes of a batch, of an evaluated ItemBatcher. Raises ValueError if they are not positive."""
    most_items, most_bytes = (_positive(name, batcher.get(name, default)) for name, default in LIMITS.items())
    return most_items, min(most_bytes, LIMIT)


def _positive(name: str, value: Json) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number <= 0 or isinstance(value, bool | float):
        raise ValueError(f"{name} must be a positive integer, not {json.dumps(value)}")
    return number


def batches(items: list[Json], batcher: Record) -> list[Record]:
    """The inputs of child executions. Raises ValueError for limits that are none, or an item that is too large."""
    most_items, most_bytes = limits(batcher)
    common = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
    empty = _size({**common, "Items": []})
    return [{**common, "Items": part} for part in _parts(items, most_items, most_bytes - empty)]


def _parts(items: list[Json], most_items: int, most_bytes: int) -> Iterator[list[Json]]:
    part: list[Json] = []
    used = 0
    for item in items:
        size = _size(item)
        if size > most_bytes:
            raise ValueError(f"An item of {size} bytes is larger than a batch may be")
        if part and (len(part) == most_items or used + 1 + size > most_bytes):
            yield part
            part, used = [], 0
        used += size + bool(part)  # a comma before all but the first
        part.append(item)
    if part:
        yield part


def _size(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
