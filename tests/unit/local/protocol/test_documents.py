import time

import pytest

from local.protocol.documents import MOST_LEVELS, check_levels, check_members
from local.protocol.errors import ServiceError

DEEP = "[" * (MOST_LEVELS + 1)


@pytest.mark.parametrize(
    "text",
    [
        "[" * MOST_LEVELS,
        f'"{DEEP}"',
        f'"a\\"{DEEP}"',
        "[]" * 1000,
        "[{}, " * 100,
        f'{{"a": "{DEEP}"}}',
        '"unfinished',
        '"\\',
    ],
)
def test_what_is_nested_no_deeper(text: str) -> None:
    check_levels(text)


@pytest.mark.parametrize("text", [DEEP, '{"a":' * (MOST_LEVELS + 1), f'"\\\\"{DEEP}', f'"a"{DEEP}"', f"]]{DEEP}]]]]"])
def test_what_is_nested_deeper(text: str) -> None:
    with pytest.raises(ServiceError, match="nested too deeply"):
        check_levels(text + "]" * 3)


def test_a_long_text_of_quotes_is_read_once() -> None:
    began = time.monotonic()
    check_levels('\\"' * 500_000)
    check_levels('"' + '\\"' * 500_000 + "\\")
    assert time.monotonic() - began < 5


def test_members_are_looked_into_wherever_they_are() -> None:
    check_members({"MessageBody": DEEP, "Text": f"see {DEEP}", "Number": 1, "Blob": DEEP.encode()})
    with pytest.raises(ServiceError, match="nested too deeply"):
        check_members({"Entries": [{"Detail": f"\n {DEEP}"}]})
    nested: list[object] = []
    for _ in range(MOST_LEVELS):
        nested = [nested]
    with pytest.raises(ServiceError, match="nested too deeply"):
        check_members({"List": nested})
