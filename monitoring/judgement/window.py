"""The window that a report is about: the captures that lie in it, and those before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

SAMPLE = 600  # different photos that are looked at closely; more would add little
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Span:
    """From when (inclusive) to when (exclusive) a window reaches; None means as far as there are captures."""

    start: datetime | None = None
    end: datetime | None = None


EVERYTHING = Span()


@dataclass(frozen=True)
class Window:
    """Photos captured in a span of time, in order of time, and photos captured before it."""

    start: datetime
    end: datetime
    photos: pd.DataFrame
    past: pd.DataFrame

    @property
    def pictures(self) -> pd.DataFrame:
        """The readable photos, each different file once, with the first answer."""
        photos = self.photos
        readable = photos[(photos["status"] == "ok") & photos["image_digest"].notna()]
        return readable.drop_duplicates("image_digest")


def window_of(photos: pd.DataFrame, span: Span, now: datetime) -> Window:
    """The photos of a span. Without one, those of the last 24 hours that have any.

    An end that is not given is just after the last photo, or now if there is none.
    """
    times = photos["time"]
    end = span.end or (now if photos.empty else times.max().to_pydatetime() + timedelta(microseconds=1))
    start = span.start or end - DAY
    if span.start is None and not photos.empty and times.min() > start:
        start = times.min().to_pydatetime()
    inside = (times >= start) & (times < end)
    return Window(start, end, photos[inside], photos[times < start])


def zulu(time: datetime) -> str:
    """A time in UTC, written as in SageMaker's files."""
    return time.isoformat().replace("+00:00", "Z")


def sampled(pictures: pd.DataFrame, most: int = SAMPLE) -> pd.DataFrame:
    """At most `most` rows, in order of time: those whose ids have the smallest digests, whatever the other rows are."""
    if len(pictures) <= most:
        return pictures
    named = pictures["event_id"].astype(str) + ":" + pictures["position"].astype(str)
    order = np.array([hashlib.blake2b(name.encode(), digest_size=8).digest() for name in named])
    return pictures.iloc[np.sort(np.argsort(order, kind="stable")[:most])]
