from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_verdict_comes_first(page: Callable[..., Any], monitoring_report: Path) -> None:
    opened = page(monitoring_report, width=390).page
    place = opened.locator(".verdict").bounding_box()
    assert place["y"] + place["height"] < 300
    assert opened.locator(".verdict").inner_text() == "Cannot tell: 9 photos are too few to judge"
    assert "6 decided automatically" in opened.locator("header").inner_text()


def test_charts_follow_the_colour_scheme(page: Callable[..., Any], monitoring_report: Path) -> None:
    light, dark = (
        page(monitoring_report, scheme=scheme).page.locator("img.chart").first.evaluate("image => image.currentSrc")
        for scheme in ("light", "dark")
    )
    assert light != dark


def test_photos_for_review_and_problems_are_listed(page: Callable[..., Any], monitoring_report: Path) -> None:
    opened = page(monitoring_report).page
    assert opened.locator("section[aria-labelledby=review] li img").count() == 2
    assert opened.locator("section[aria-labelledby=examples] li img").count() > 0
    assert opened.locator("section[aria-labelledby=problems] tbody tr").count() == 4
