"""What an approver sees without scrolling, and that all of it can be reached on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEIGHT = 844  # pixels of a phone's screen


def test_the_verdict_is_on_the_first_screen_of_a_phone(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path
) -> None:
    verdict = page(decision_page_against_a_weaker_model, width=390).page.locator(".verdict")
    place, text = verdict.bounding_box(), verdict.inner_text()
    assert place["y"] + place["height"] < HEIGHT
    assert text.startswith("Better than the one in production, by ")
    assert "95 % interval" in text
    assert "McNemar" in text


def test_what_falls_behind_is_not_registered(
    page: Callable[..., Any], decision_page_against_a_stronger_model: Path
) -> None:
    opened = page(decision_page_against_a_stronger_model).page
    assert opened.locator("h1").inner_text() == "Not good enough: it is not registered"
    gate = opened.locator("tr", has_text="Accuracy against production")
    assert "failed" in gate.inner_text()


def test_without_a_champion_it_says_so(page: Callable[..., Any], first_decision_page: Path) -> None:
    opened = page(first_decision_page).page
    assert "nothing in production to compare with" in opened.locator("h1").inner_text()
    row = opened.locator("tr", has_text="Accuracy against production")
    assert "no model in production to compare with" in row.inner_text()


@pytest.mark.parametrize("heading", ["Gates", "Compared with production", "Class by class"])
def test_wide_tables_scroll_by_themselves_and_by_keyboard(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path, heading: str
) -> None:
    opened = page(decision_page_against_a_weaker_model, width=390).page
    region = opened.get_by_role("region", name=heading)
    assert region.get_attribute("tabindex") == "0"
    region.evaluate("each => { each.scrollLeft = each.scrollWidth; }")
    last = region.locator("thead th").last.bounding_box()
    assert last["x"] + last["width"] <= 390


def test_champion_and_challenger_stand_side_by_side(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path
) -> None:
    opened = page(decision_page_against_a_weaker_model).page
    region = opened.get_by_role("region", name="Compared with production")
    assert region.locator("tbody tr").count() == 10
    assert "1.2\u00a0MB" in region.inner_text()
    classes = opened.get_by_role("region", name="Class by class")
    assert classes.locator("thead th").count() == 8
