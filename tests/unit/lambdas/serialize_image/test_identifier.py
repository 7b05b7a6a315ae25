"""Identifiers of photos, from names of executions of any legal length and alphabet."""

import json
import re
from collections.abc import Callable
from io import StringIO

import pytest
from PIL import Image
from unit.lambdas.context import CONTEXT

from lambdas.serialize_image.handler import handler
from lambdas.serialize_image.identifier import identifier_of

NAMES = [
    "n" * 65,
    "n" * 80,
    "batch-2026-03-02-" + "7" * 63,
    "fahrer-köln-0001",
    "自転車-0001",
    "自転車",
    "😀" * 80,
    "é" * 64,
]


@pytest.mark.parametrize("name", ["a", "run-1234-001", "n" * 64, "a.b_c-d"])
def test_a_name_that_fits_is_the_identifier(name: str) -> None:
    assert identifier_of(name) == name


@pytest.mark.parametrize("name", NAMES)
def test_other_names_give_one_that_fits(name: str) -> None:
    found = identifier_of(name)
    assert re.fullmatch(r"[!-~]{1,64}", found)
    assert found == identifier_of(name)


def test_the_beginning_stays_readable() -> None:
    assert identifier_of("fahrer-köln-0001").startswith("fahrer-koln-0001-")
    assert identifier_of("batch-2026-03-02-" + "7" * 63).startswith("batch-2026-03-02-777")


def test_different_names_give_different_identifiers() -> None:
    names = [*NAMES, *(f"{'n' * 75}{number}" for number in range(1000)), "fahrer-koln-0001", "fahrer-köln-0002"]
    assert len({identifier_of(name) for name in names}) == len(names)


def test_the_function_passes_the_identifier_on_and_logs_the_name(
    put: Callable[[bytes], dict[str, str]], encode: Callable[..., bytes], log: StringIO
) -> None:
    event = put(encode(Image.new("RGB", (8, 8))))
    answer = handler({**event, "inference_id": "自転車-0001"}, CONTEXT)
    assert answer["inference_id"] == identifier_of("自転車-0001")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["execution_name"], line["inference_id"]) == ("自転車-0001", answer["inference_id"])
    handler({**event, "inference_id": "short"}, CONTEXT)
    assert "execution_name" not in json.loads(log.getvalue().splitlines()[-1])
