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
WIDTH, NARROW = 1280, 390
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
both_schemes = pytest.mark.parametrize("loaded", ["light", "dark"], indirect=True)
in_light = pytest.mark.parametrize("loaded", ["light"], indirect=True)


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.fixture(scope="module")
def loaded(page: Callable[..., Any], document: Path, request: pytest.FixtureRequest) -> Any:
    """A document in a colour scheme, loaded once for its tests: loading takes longer than most of them."""
    return page(document, scheme=request.param)


@pytest.fixture
def opened(loaded: Any) -> Any:
    """The document as wide as a desktop's window, whatever the last test has done."""
    loaded.page.set_viewport_size({"width": WIDTH, "height": 800})
    return loaded


@both_schemes
def test_it_opens_without_errors_and_asks_for_nothing(opened: Any) -> None:
    assert opened.errors == []
    assert opened.requests == []


@both_schemes
def test_all_images_are_loaded_and_described(opened: Any) -> None:
    images = opened.page.evaluate("[...document.images].map(image => ({alt: image.alt, width: image.naturalWidth}))")
    assert all(image["alt"] and image["width"] > 0 for image in images)


@in_light
def test_it_has_one_heading_a_language_and_a_title(opened: Any) -> None:
    assert opened.page.locator("h1").count() == 1
    assert opened.page.locator("html").get_attribute("lang") == "en"
    assert opened.page.title()
    assert opened.page.locator("main").count() == 1


@in_light
@pytest.mark.parametrize("width", [NARROW, WIDTH])
def test_it_never_scrolls_sideways(opened: Any, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.page.evaluate(OPEN_ALL)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@both_schemes
def test_text_stands_out(opened: Any, low_contrast: Callable[[Any], Any]) -> None:
    opened.page.evaluate(OPEN_ALL)
    found = low_contrast(opened.page)
    assert found["texts"] > 5
    assert found["low"] == []


@in_light
def test_names_of_ids_are_unique_and_labels_lead_somewhere(opened: Any) -> None:
    ids, used = opened.page.evaluate(
        "[[...document.querySelectorAll('[id]')].map(e => e.id),"
        " [...document.querySelectorAll('[aria-labelledby]')].map(e => e.getAttribute('aria-labelledby'))]"
    )
    assert len(set(ids)) == len(ids)
    assert set(used) <= set(ids)


@in_light
def test_axe_finds_nothing(opened: Any, violations: Callable[[Any], list[str]]) -> None:
    opened.page.evaluate(OPEN_ALL)
    assert violations(opened.page) == []
