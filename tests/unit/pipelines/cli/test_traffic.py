"""Options of `scones traffic` that are refused before anything is sent."""

import click
import pytest

from pipelines.cli.traffic import Duration, ShiftName, traffic


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("1.5h", 5400), ("1d", 86_400)])
def test_times(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "5", "0s", "m", "-1m", "1w", "10 m", "٣m", "nanm"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time; write 90s, 10m, 2h or 1d"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "shift"),
    [("dark", ("dark", "middle")), ("class_mix:weak", ("class_mix", "weak")), ("blur:", ("blur", "middle"))],
)
def test_shifts(text: str, shift: tuple[str, str]) -> None:
    assert ShiftName().convert(text, None, None) == shift


@pytest.mark.parametrize("text", ["", "darkk", "dark:very", ":strong"])
def test_what_is_no_shift(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"there is no shift '.*'; there are dark, bright.*:weak"):
        ShiftName().convert(text, None, None)


@pytest.mark.parametrize("rate", ["0", "-1", "1001", "fast"])
def test_a_rate_has_limits(rate: str) -> None:
    with pytest.raises(click.BadParameter):
        traffic.make_context("traffic", ["--rate", rate])
