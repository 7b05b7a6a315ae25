from typing import Any

import pytest

from local.states.language.reference_paths import NOTHING, REFERENCE, single

DATA = {"list": [{"x": 1}, {"x": [2]}], "a b": {"c": None}, "empty": []}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DATA),
        ("$.list[0].x", 1),
        ("$.list[1].x", [2]),
        ("$.list[1].x[0]", 2),
        ("$['a b'].c", None),
        ("$.empty", []),
    ],
)
def test_a_reference_path_selects_one_value(path: str, value: Any) -> None:
    assert REFERENCE.fullmatch(path)
    assert single(path, DATA) == value


@pytest.mark.parametrize("path", ["$.no", "$.list[2]", "$.empty[0]"])
def test_it_may_select_nothing(path: str) -> None:
    assert single(path, DATA) is NOTHING


@pytest.mark.parametrize("path", ["$.list[*].x", "$..x", "$.list[?(@.x == 1)]", "$.list[0:1]", "$.list[0,1]"])
def test_other_paths_are_the_engines(path: str) -> None:
    assert not REFERENCE.fullmatch(path)
