"""Profiles of tables that tests make up."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from monitoring.captures.payloads import Defaults
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.judgement.window import Window, window_of
from monitoring.profiles.making import profile_of
from monitoring.profiles.profile import Counts, Profile
from monitoring.profiles.shelf import Period, fill
from monitoring.profiles.store import Store
from monitoring.summaries.measured import measured_of
from windows.spans import EVERYTHING, Span, reach

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)


def counts_of(columns: pd.DataFrame, day: str = "2026-03-01") -> Counts:
    """What is counted of photos with these columns of `captures.photos`, or features of images."""
    rows = list(_rows(columns, datetime.fromisoformat(day).replace(tzinfo=UTC)))
    counts = profile_of(rows).counts
    sent = [row for row in rows if row["image_digest"]]
    measures = {f"{row['record']:016x}:0": (row["image_digest"], row["features"]) for row in sent}
    return replace(counts, measured=measured_of(measures, 0))


def _rows(columns: pd.DataFrame, time: datetime) -> Iterator[dict[str, Any]]:
    table = columns.astype(object).where(columns.notna(), None)
    for number, found in enumerate(table.to_dict("records")):
        row = {str(name): value for name, value in found.items()}
        features = [row.pop(name, None) for name in IMAGE_FEATURES]
        measured = set(IMAGE_FEATURES) <= set(columns)
        whole = measured and None not in features
        yield {
            "record": number + 2**40 * hash(time),
            "time": time,
            "status": "unreadable" if measured and not whole else "ok",
            "reason": "no image",
            "image_digest": f"{number:016x}",
            "features": tuple(features) if whole else (),
            "position": 0,
            "file": "x.jsonl",
            "line": number + 1,
            "place": number,
            **row,
        }


def period_of(*days: Counts) -> Period:
    """A period of days, the last one last."""
    whole = sum(days, Counts())
    if not whole.last:
        return Period(Profile(whole))
    return Period(Profile(whole), f"{whole.last:%Y-%m-%d}", days[-1], sum(days[:-1], Counts()))


def window_of_times(times: Sequence[datetime], span: Span, now: datetime, *, older: bool = False) -> Window:
    """A window of answers that were captured at these times; `older` ones may be known, and not be there."""
    answer = {"observedContentType": "application/json", "data": "[0.97, 0.03]", "encoding": "JSON"}
    lines = [
        {
            "captureData": {"endpointOutput": answer},
            "eventMetadata": {"eventId": f"{number}", "inferenceTime": time.isoformat()},
        }
        for number, time in enumerate(times)
    ]
    with TemporaryDirectory() as name:
        Path(name, "x.jsonl").write_text("\n".join(map(json.dumps, lines)))
        return window(Path(name), span, now, older=older)


def captured(folder: Path, defaults: Defaults = DEFAULTS) -> Period:
    """All that was captured in a folder."""
    with TemporaryDirectory() as name:
        return fill(folder, defaults, Store(Path(name)), EVERYTHING).period(EVERYTHING)


def window(folder: Path, span: Span, now: datetime, defaults: Defaults = DEFAULTS, *, older: bool = False) -> Window:
    """A window of what was captured in a folder."""
    with TemporaryDirectory() as name:
        shelf = fill(folder, defaults, Store(Path(name)), reach(span))
        return window_of(replace(shelf, older=older), span, now)
