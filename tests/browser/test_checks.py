"""The checks of `test_pages.py` notice what they are for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
