"""Probabilities in answers of other models than ours, as built-in algorithms and common containers write them.

The shapes are documented in docs/monitoring.md.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitoring.errors import UnusableLineError
from photos.bodies import is_json

# The keys that hold an answer, in the order in which they are looked for.
KEYS = ("predictions", "prediction", "probabilities", "probability", "scores", "score", "prob", "outputs", "output")
LABELS = ("labels", "label")
_BETWEEN = re.compile(r"[\s,;]+")
_AROUND = " \t\r,;[]()"


@dataclass(frozen=True)
class Row:
    """The probabilities of one image; `labels` is None where the answer does not name its classes."""

    probabilities: tuple[float, ...]
    labels: tuple[str, ...] | None = None


def is_ours(content: bytes, classes: Sequence[str]) -> bool:
    """Whether an answer is meant to be that of this project's endpoint: a JSON object of no other known shape."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and ("threshold" in value or not value.keys() & {*KEYS, *classes, "data"})


def read_rows(content: bytes, media: str, classes: Sequence[str]) -> list[Row]:
    """The probabilities of each image. `media` is the answer's media type. Raises UnusableLineError."""
    try:
        return [row for value in _values(content, media) for row in _rows(value, classes)]
    except RecursionError as error:
        raise UnusableLineError("the answer is nested too deeply") from error
    except OverflowError as error:
        raise UnusableLineError("the answer has a number that is too large") from error


def _values(content: bytes, media: str) -> list[Any]:
    """The answer as JSON, as JSON Lines, or, unless its type says that it is JSON, as lines of numbers."""
    readers = (_json, _json_lines) if is_json(media) else (_json, _json_lines, _table)
    for reader in readers:
        try:
            return reader(content.decode("utf-8-sig"))
        except ValueError:
            continue
    expected = "Invalid JSON" if is_json(media) else "neither JSON nor CSV"
    raise UnusableLineError(f"the answer is not a list of probabilities: {expected}")


def _json(text: str) -> list[Any]:
    value = json.loads(text)
    return [json.loads(value) if isinstance(value, str) else value]  # some make JSON of their answer twice


def _json_lines(text: str) -> list[Any]:
    if not (lines := [line for line in text.splitlines() if line.strip()]):
        raise ValueError("no lines")
    return [json.loads(line) for line in lines]


def _table(text: str) -> list[Any]:
    """Lines of numbers between commas or blanks, with or without brackets, quotes and a first line of names."""
    lines = text.replace("\\n", "\n").strip().splitlines()  # some escape the line break twice
    rows = [[cell.strip("\"'") for cell in _BETWEEN.split(line.strip(_AROUND))] for line in lines]
    if not rows:
        raise ValueError("no lines")
    if len(rows) > 1 and not any(map(_is_decimal, rows[0])):
        return [{"labels": rows[0], "probabilities": [list(map(float, row)) for row in rows[1:]]}]
    return [list(map(float, row)) for row in rows]


def _is_decimal(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _rows(value: object, classes: Sequence[str]) -> Iterator[Row]:
    if isinstance(value, dict):
        yield from _mapping(value, classes)
    elif isinstance(value, list) and value:
        if all(map(_is_number, value)):
            yield Row(tuple(map(float, value)))
        elif all(isinstance(item, dict) and _is_number(item.get("score")) and "label" in item for item in value):
            # Hugging Face: one entry for each class, the most probable first.
            yield Row(tuple(float(item["score"]) for item in value), tuple(str(item["label"]) for item in value))
        else:
            for item in value:
                yield from _rows(item, classes)
    else:
        raise UnusableLineError("the answer is not a list of probabilities")


def _mapping(value: Mapping[str, Any], classes: Sequence[str]) -> Iterator[Row]:
    if set(value) == set(classes) and all(map(_is_number, value.values())):  # TorchServe: a probability for each class
        yield Row(tuple(float(value[name]) for name in classes), tuple(classes))
        return
    if "shape" in value and "data" in value:  # Triton and KServe: one flat list of all rows
        yield from _tensor(value["data"], value["shape"])
        return
    key = next((key for key in KEYS if key in value), None)
    key = key or _only_list(value)  # TensorFlow Serving names an output after its layer
    if key is None:
        raise UnusableLineError(f"the answer has none of the keys {', '.join(KEYS)}")
    if key == "score" and _is_number(value[key]) and len(classes) == 2:
        # Built-in algorithms score the second of two classes.
        yield Row((1 - float(value[key]), float(value[key])))
        return
    labels = _labels(value)
    for row in _rows(value[key], classes):
        yield row if row.labels or labels is None else Row(row.probabilities, labels)


def _only_list(value: Mapping[str, Any]) -> str | None:
    """The key of the only list in a mapping."""
    lists = [key for key, item in value.items() if isinstance(item, list)]
    return lists[0] if len(lists) == 1 else None


def _tensor(data: object, shape: object) -> Iterator[Row]:
    width = shape[-1] if isinstance(shape, list) and shape else None
    if not isinstance(data, list) or not all(map(_is_number, data)) or type(width) is not int or width < 1:
        raise UnusableLineError("the answer's 'data' and 'shape' are not a table of probabilities")
    for start in range(0, len(data), width):
        yield Row(tuple(map(float, data[start : start + width])))


def _labels(value: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = next((value[key] for key in LABELS if key in value), None)
    named = isinstance(found, list) and found and all(isinstance(name, str) for name in found)
    return tuple(found) if named and found else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
