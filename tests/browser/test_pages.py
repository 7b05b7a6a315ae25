"""What every page that this project makes has in common."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = (
    "monitoring_report",
    "empty_monitoring_report",
    "synthetic_monitoring_report",
    "monitoring_report_with_ground_truth",
    "monitoring_index",
    "first_decision_page",
    "decision_page_against_a_weaker_model",
    "decision_page_against_a_stronger_model",
)
WIDTHS = (390, 1280)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_errors_and_asks_for_nothing(page: Callable[..., Any], document: Path, scheme: str) -> None:
    opened = page(document, scheme=scheme)
    assert opened.errors == []
    assert opened.requests == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_images_are_loaded_and_described(page: Callable[..., Any], document: Path, scheme: str) -> None:
    images = page(document, scheme=scheme).page.evaluate(
        "[...document.images].map(image => ({alt: image.alt, width: image.naturalWidth}))"
    )
    assert all(image["alt"] and image["width"] > 0 for image in images)


def test_it_has_one_heading_a_language_and_a_title(page: Callable[..., Any], document: Path) -> None:
    opened = page(document).page
    assert opened.locator("h1").count() == 1
    assert opened.locator("html").get_attribute("lang") == "en"
    assert opened.title()
    assert opened.locator("main").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_it_never_scrolls_sideways(page: Callable[..., Any], document: Path, width: int) -> None:
    opened = page(document, width=width).page
    opened.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(
    page: Callable[..., Any], low_contrast: Callable[[Any], Any], document: Path, scheme: str
) -> None:
    opened = page(document, scheme=scheme).page
    opened.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = low_contrast(opened)
    assert found["texts"] > 5
    assert found["low"] == []


def test_names_of_ids_are_unique_and_labels_lead_somewhere(page: Callable[..., Any], document: Path) -> None:
    ids, used = page(document).page.evaluate(
        "[[...document.querySelectorAll('[id]')].map(e => e.id),"
        " [...document.querySelectorAll('[aria-labelledby]')].map(e => e.getAttribute('aria-labelledby'))]"
    )
    assert len(set(ids)) == len(ids)
    assert set(used) <= set(ids)


def test_axe_finds_nothing(page: Callable[..., Any], document: Path, violations: Callable[[Any], list[str]]) -> None:
    opened = page(document).page
    opened.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert violations(opened) == []
