"""Rows of the table that shows challenger and champion side by side."""

from dataclasses import dataclass

from jobs.pages import percent
from steps.evaluation.champion import Champion
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.measurements import Measurements
from steps.evaluation.wording import NOTHING, NUMBERS, SHARES, points


@dataclass(frozen=True)
class Row:
    """A line of the table of both models; `difference` is in percentage points, or empty."""

    name: str
    here: str
    production: str
    difference: str


def rows(evaluation: Evaluation) -> list[Row]:
    """One row for each measurement of challenger and champion."""
    champion = evaluation.champion
    other = champion.measurements if champion else None
    found = []
    for key, name in SHARES.items():
        here, there = share(evaluation, key), share(other, key)
        difference = "" if here is None or there is None else points(here - there)
        found.append(Row(name, _percent(here), _percent(there), difference))
    for key, name in NUMBERS.items():
        value = f"{getattr(other, key):.3f}" if other else NOTHING
        found.append(Row(name, f"{getattr(evaluation, key):.3f}", value, ""))
    return [*found, *_costs(evaluation, champion)]


def _costs(evaluation: Evaluation, champion: Champion | None) -> list[Row]:
    here, there = evaluation.latency, champion.latency if champion else None
    return [
        Row("model.tar.gz", size(evaluation.archive_bytes), size(champion.archive_bytes) if champion else NOTHING, ""),
        Row("One photo, median", _ms(here.median_ms), _ms(there.median_ms) if there else NOTHING, ""),
        Row("One photo, 95th percentile", _ms(here.p95_ms), _ms(there.p95_ms) if there else NOTHING, ""),
    ]


def share(measured: Measurements | None, key: str) -> float | None:
    """A share; None if there is no model, if it was not measured, or if it is of accepted photos and there are none."""
    if measured is None or (key == "accuracy_of_accepted" and not measured.coverage):
        return None
    value: float | None = getattr(measured, key)
    return value


def _percent(value: float | None) -> str:
    return NOTHING if value is None else percent(value)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f}\N{NO-BREAK SPACE}ms"


def size(count: int) -> str:
    """A number of bytes in kB, or in MB from one million on."""
    return f"{count / 1e6:.1f}\N{NO-BREAK SPACE}MB" if count >= 1e6 else f"{count / 1e3:.0f}\N{NO-BREAK SPACE}kB"
