"""The checks of `test_pages.py` find the faults of a page that is broken on purpose, and the browser is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs.chromium import NAMES, find_browser

BROKEN = """<!doctype html><html lang="en"><body style="background: #fff; margin: 0">
<p style="color: #999">pale</p><p style="color: #767676">just enough</p>
<div style="width: 2000px">wide</div><img src="missing.png" alt=""><script>nothing()</script></body></html>"""


@pytest.fixture
def broken(tmp_path: Path, page: Callable[..., Any]) -> Any:
    path = tmp_path / "broken.html"
    path.write_text(BROKEN)
    return page(path)


def test_errors_and_requests_are_recorded(broken: Any, tmp_path: Path) -> None:
    assert any("nothing is not defined" in error for error in broken.errors)
    assert broken.requests == [(tmp_path / "missing.png").as_uri()]


def test_images_that_are_missing_and_wide_pages_show(broken: Any) -> None:
    assert broken.page.evaluate("document.images[0].naturalWidth") == 0
    assert broken.page.evaluate("document.documentElement.scrollWidth") == 2000


def test_pale_text_is_found(broken: Any, low_contrast: Callable[[Any], Any]) -> None:
    assert [each["text"] for each in low_contrast(broken.page)["low"]] == ["pale"]


def test_axe_finds_what_is_missing(broken: Any, violations: Callable[[Any], list[str]]) -> None:
    found = {each.partition(":")[0] for each in violations(broken.page)}
    assert {"color-contrast", "document-title", "landmark-one-main"} <= found


@pytest.mark.parametrize("name", NAMES)
def test_a_browser_is_found_by_each_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() is None
    (tmp_path / name).touch(mode=0o755)
    assert find_browser() == str(tmp_path / name)
