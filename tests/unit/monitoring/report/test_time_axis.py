"""Labels of the report's time axis, for spans from less than a second to years."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from monitoring.report.time_axis import MOST_LABELS, label_times

START = datetime(2026, 3, 2, 8, 30, 10, tzinfo=UTC)


def labels(first: datetime, span: timedelta) -> list[str]:
    figure = Figure()
    axes = figure.subplots()
    axes.set_xlim(float(date2num(first)), float(date2num(first + span)))
    label_times(axes)
    figure.draw_without_rendering()
    low, high = axes.get_xlim()
    shown = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
    return [text.get_text() for place, text in shown if low <= place <= high]


@pytest.mark.parametrize(
    ("first", "span", "form"),
    [
        (START, timedelta(seconds=1), r"08:30:1\d(\.\d\d)?"),
        (START, timedelta(seconds=5), r"08:30:1\d"),
        (START, timedelta(minutes=3), r"08:3\d:\d\d"),
        (START, timedelta(hours=2), r"(08|09|10):\d\d"),
        (START.replace(hour=23, minute=59, second=58), timedelta(seconds=4), r"0[23] Mar \d\d:\d\d:\d\d"),
        (START, timedelta(days=2), r"0[234] Mar \d\d:\d\d"),
        (START, timedelta(days=6), r"0[3-8] Mar"),
        (START, timedelta(days=90), r"\d\d (Mar|Apr|May) 2026"),
        (START, timedelta(days=1500), r"01 Jan 20(27|28|29|30)"),
    ],
    ids=str,
)
def test_each_label_says_which_moment_it_is(first: datetime, span: timedelta, form: str) -> None:
    found = labels(first, span)
    assert 2 <= len(found) <= MOST_LABELS + 1
    assert [text for text in found if not re.fullmatch(form, text)] == []
