from datetime import UTC, datetime
from typing import Any

import pytest

from local.states.language.choices import matches, timestamp


@pytest.mark.parametrize(
    ("value", "wanted", "alike"),
    [
        ("log-1.txt", "log-*.txt", True),
        ("log-1.txt.gz", "log-*.txt", False),
        ("a?c", "a?c", True),
        ("abc", "a?c", False),
        ("b", "[abc]", False),
        ("a*c", r"a\*c", True),
        ("abc", r"a\*c", False),
        ("a\\c", r"a\\c", True),
        ("two\nlines", "two*lines", True),
        (1, "*", False),
    ],
)
def test_only_a_star_is_a_wildcard(value: Any, wanted: str, alike: bool) -> None:
    assert matches(value, wanted) is alike


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00.25Z", datetime(2026, 1, 31, 12, 0, 0, 250_000, UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31 12:00:00Z", None),
        ("2026-01-31T12:00:00", None),
        ("2026-13-31T12:00:00Z", None),
        (20260131, None),
    ],
)
def test_a_timestamp_is_one_of_rfc_3339(text: Any, time: datetime | None) -> None:
    assert timestamp(text) == time
