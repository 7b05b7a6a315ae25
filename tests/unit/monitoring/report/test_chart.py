"""The report's charts: in colours that a dark page exchanges, and with bars that stand on each other."""

import base64
import re

import numpy as np
import pytest

from jobs.figures import DARK_COLOURS, in_dark
from monitoring.judgement.eye import Eye
from monitoring.report.accuracy_figure import Row, shares_chart
from monitoring.report.chart import Chart
from monitoring.report.figures import MOST_BARS, class_chart, confidence_chart, stacked, volume_chart
from monitoring.report.turned_figure import turned_chart
from monitoring.statistics.overview import DECISIONS
from monitoring.summaries.numbers import numbers_of
from monitoring.summaries.timeline import Timeline

NAMES = list(DECISIONS)
DRAWN = {
    "volume": lambda: volume_chart(Timeline(counts={name: {0: 3, 7200: 1} for name in NAMES})),
    "classes": lambda: class_chart({"bicycle": dict.fromkeys(NAMES, 2)}, ["bicycle", "moped"]),
    "confidence": lambda: confidence_chart({name: numbers_of([0.7, 0.95]) for name in NAMES}, (0.9, 0.93)),
    "turned": lambda: turned_chart(Eye(412, 396, 200, 0.08, 0.965, worth=0.25)),
    "shares": lambda: shares_chart([Row("all", 0.9, 0.8, 0.95, 100, 90), Row("told", 0.9, 0.8, 1, 9)], "", 0.5, ""),
}


def svg(uri: str) -> str:
    return base64.b64decode(uri.removeprefix("data:image/svg+xml;base64,")).decode()


@pytest.mark.parametrize("name", DRAWN)
def test_all_colours_have_one_on_a_dark_page(name: str) -> None:
    chart = DRAWN[name]()
    assert isinstance(chart, Chart)
    light = svg(chart.light)
    assert set(re.findall("#[0-9a-f]{6}", light)) <= set(DARK_COLOURS)
    assert svg(chart.dark) == in_dark(light) != light


def test_bars_stand_on_those_of_the_decisions_before() -> None:
    bars = {name: np.array([float(number), 1.0]) for number, name in enumerate(NAMES[:0:-1], 1)}
    found = [(name, bottom.tolist(), top.tolist()) for name, bottom, top in stacked(bars)]
    assert found == [(NAMES[1], [0, 0], [3, 1]), (NAMES[2], [3, 1], [5, 2]), (NAMES[3], [5, 2], [6, 3])]


def test_of_many_classes_the_most_frequent_ones_are_shown() -> None:
    photos = {f"class {number:03}": {"accepted": number} for number in range(1, MOST_BARS + 3)}
    drawn = svg(class_chart(photos, list(photos)).light)
    assert "<!-- class 003 -->" in drawn
    assert "<!-- class 002 -->" not in drawn
