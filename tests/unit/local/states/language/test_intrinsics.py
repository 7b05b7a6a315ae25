import pytest

from local.states.language.intrinsics import interpolated


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{} of {}", ["1", "2"], "1 of 2"),
        (r"\{{}\}", ["1"], "{1}"),
        (r"it\'s {}", ["1"], "it's 1"),
        ('{"a": {}}', ["1"], '{"a": 1}'),
        ("{}", ["{}"], "{}"),
        ("none", [], "none"),
    ],
)
def test_each_place_gets_its_value(template: str, values: list[str], text: str) -> None:
    assert interpolated(template, values) == text


@pytest.mark.parametrize("values", [[], ["1", "2"]])
def test_there_must_be_a_value_for_each_place(values: list[str]) -> None:
    with pytest.raises(ValueError, match="1 places for"):
        interpolated("{}", values)
