from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_each_day_leads_to_its_report_and_says_what_it_found(page: Callable[..., Any], monitoring_index: Path) -> None:
    opened = page(monitoring_index, width=375).page
    days = opened.locator("a.day")
    assert days.count() == 5
    worst = opened.get_by_role("link", name="1 March: Do not trust: pictures are turned")
    assert worst.get_attribute("href") == "2026-03-01/report.html"
    days.first.focus()
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_last_verdict_comes_first(page: Callable[..., Any], monitoring_index: Path) -> None:
    opened = page(monitoring_index).page
    assert opened.locator(".verdict").inner_text() == "Trust: 1,000 photos"
    assert opened.locator("section[aria-labelledby=windows] tbody tr").count() == 5
