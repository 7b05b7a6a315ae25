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


@pytest.mark.parametrize("heading", ["Gates", "Compared with production", "Changed photos", "Class by class"])
def test_wide_tables_scroll_by_themselves_and_by_keyboard(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path, heading: str
) -> None:
    opened = page(decision_page_against_a_weaker_model, width=390).page
    region = opened.get_by_role("region", name=heading)
    assert region.get_attribute("tabindex") == "0"
    region.evaluate("each => { each.scrollLeft = each.scrollWidth; }")
    last = region.locator("tbody tr:first-child > :last-child").first.bounding_box()
    assert last["x"] + last["width"] <= 390


def test_the_kind_of_change_stays_in_view_while_its_figures_are_scrolled(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path
) -> None:
    opened = page(decision_page_against_a_weaker_model, width=375).page
    region = opened.get_by_role("region", name="Changed photos")
    region.evaluate("each => { each.scrollLeft = each.scrollWidth; }")
    assert region.get_by_role("rowheader", name="noise").bounding_box()["x"] >= region.bounding_box()["x"]
    assert region.get_by_role("columnheader", name="strong").is_visible()


def test_changed_photos_have_a_row_for_each_model(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path, first_decision_page: Path
) -> None:
    region = page(decision_page_against_a_weaker_model).page.get_by_role("region", name="Changed photos")
    assert region.locator("tbody").first.locator("tr").count() == 2
    assert region.locator("tbody").first.locator("td").count() == 18
    kinds = region.locator("tbody").count()
    assert kinds > 10
    alone = page(first_decision_page).page.get_by_role("region", name="Changed photos")
    assert alone.locator("tbody tr").count() == kinds


def test_what_could_not_be_measured_is_on_the_first_screen(page: Callable[..., Any], first_decision_page: Path) -> None:
    opened = page(first_decision_page, width=390).page
    place = opened.get_by_text("Not measured: other things decided").bounding_box()
    assert place["y"] + place["height"] < HEIGHT
    assert "not measured" in opened.locator("tr", has_text="Other things decided").first.inner_text()


def test_champion_and_challenger_stand_side_by_side(
    page: Callable[..., Any], decision_page_against_a_weaker_model: Path
) -> None:
    opened = page(decision_page_against_a_weaker_model).page
    region = opened.get_by_role("region", name="Compared with production")
    assert region.locator("tbody tr").count() == 12
    assert "1.2\u00a0MB" in region.inner_text()
    classes = opened.get_by_role("region", name="Class by class")
    assert classes.locator("thead th").count() == 8
