"""What the HTML pages of jobs have in common."""

import re
from pathlib import Path

import pytest

from jobs.pages import data_uri, page_environment, percent, style_sheet
from jobs.palette import DARK, LIGHT

REPOSITORY = Path(__file__).parents[3]


def test_both_palettes_are_css_variables() -> None:
    light, dark = style_sheet().split("@media (prefers-color-scheme: dark)")
    assert f"--good-soft: {LIGHT.good_soft};" in light
    assert f"--good-soft: {DARK.good_soft};" in dark


@pytest.mark.parametrize("sheet", ["steps/decision_page/decision.css", "monitoring/report/report.css"])
def test_every_colour_that_a_page_uses_is_in_the_palettes(sheet: str) -> None:
    used = set(re.findall(r"var\((--[a-z-]+)\)", (REPOSITORY / sheet).read_text()))
    assert used
    assert used <= set(re.findall(r"(--[a-z-]+):", style_sheet()))


def test_a_template_gets_the_colours_and_writes_shares(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<style>{{ colours | safe }}</style>{{ 0.985 | percent }}{{ '<' }}")
    page = page_environment(tmp_path).get_template("page.html").render()
    assert page == f"<style>{style_sheet()}</style>98.5\N{NARROW NO-BREAK SPACE}%&lt;"


def test_shares_have_as_many_decimals_as_asked_for() -> None:
    assert percent(0.5, 0) == "50\N{NARROW NO-BREAK SPACE}%"


def test_a_file_becomes_a_data_uri() -> None:
    assert data_uri(b"abc", "image/svg+xml") == "data:image/svg+xml;base64,YWJj"
