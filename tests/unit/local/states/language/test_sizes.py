from typing import Any

import pytest

from local.states.language.sizes import LIMIT, fits


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        ("x" * LIMIT, True),
        ("x" * (LIMIT + 1), False),
        ("é" * (LIMIT // 2), True),
        (["é" * (LIMIT // 2 - 2)], True),
        (["é" * (LIMIT // 2 - 1)], False),
    ],
)
def test_bytes_of_utf_8_are_counted(value: Any, fitting: bool) -> None:
    assert fits(value) is fitting
