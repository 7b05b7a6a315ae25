"""Makes profiles of the rows that were read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Any

from monitoring.captures.files import Problem
from monitoring.captures.photos import Row
from monitoring.features.images import facts
from monitoring.profiles.profile import UNDECIDED, ClassNames, Counts, Profile, Tallies
from monitoring.summaries.measured import Measured, largest_digest, measured_of
from monitoring.summaries.numbers import Scale, numbers_of
from monitoring.summaries.problems import problems_of
from monitoring.summaries.samples import NEWEST, PICTURES, REVIEW, Photo, Samples, samples_of
from monitoring.summaries.timeline import timeline_of

COUNTED: dict[str, Scale] = {
    "confidence": "share",
    "other": "share",
    "upright": "share",
    "believed": "share",  # the probability of what the model answered, that it is none of the classes among them
    "threshold": "share",
    "width": "pixels",
    "height": "pixels",
}
CATEGORICAL = ("predicted", "decision", "status", "content_type", "model_version")
Hour = tuple[int, int, int, int]
REVIEWED = ("low_confidence", "not_a_known_vehicle")


def profile_of(rows: Sequence[Row], problems: Iterable[Problem] = (), duplicates: int = 0, level: int = 0) -> Profile:
    """The profile of rows as `captures.photos.rows_of` makes them, of lines without one, and of dropped repetitions.

    The images of records of that level, and of all higher ones, were looked at closely.
    """
    found = list(problems)
    if not rows:
        return Profile(Counts(duplicates=duplicates, problems=problems_of(found)))
    images = [Problem(row["file"], row["line"], row["reason"]) for row in rows if row["status"] == "unreadable"]
    decisions = [row.get("decision") or UNDECIDED for row in rows]
    times = [row["time"] for row in rows]
    asked = [row for row in rows if row.get("image_digest")]
    counts = Counts(
        photos=len(rows),
        duplicates=duplicates,
        asked=len(asked),
        unanswered=sum(row.get("predicted") is None for row in asked),
        synthetic=any(row.get("synthetic") for row in rows),
        first=min(times),
        last=max(times),
        numbers={name: numbers_of(_column(rows, name), scale) for name, scale in COUNTED.items()},
        texts={name: dict(Counter(_present(rows, name))) for name in CATEGORICAL},
        hours=_hours(times, decisions),
        classes=_crossed((row.get("predicted") for row in rows), decisions),
        confidence={name: numbers_of(_of(rows, decisions, name)) for name in sorted({*decisions} - {UNDECIDED})},
        thresholds=dict(Counter(_present(rows, "threshold"))),
        labels=_labels(rows),
        timeline=timeline_of(zip(decisions, (int(time.timestamp()) for time in times), strict=True)),
        measured=_measured(rows, level),
        problems=problems_of(found, images),
    )
    return Profile(counts, _samples(rows))


def profiles_by_hour(rows: Iterable[Row], level: int) -> dict[str, Profile]:
    """A profile for each hour (`2026-03-01T10Z`)."""
    found: dict[Hour, list[Row]] = {}
    for row in rows:
        found.setdefault(_hour(row["time"]), []).append(row)
    return {hour_name(same[0]["time"]): profile_of(same, level=level) for _, same in sorted(found.items())}


def hour_name(time: datetime) -> str:
    """The hour of a time in UTC, as statistics name it."""
    return f"{time.isoformat()[:13]}Z"


def _hour(time: datetime) -> Hour:
    """The hour, quicker than its name."""
    return time.year, time.month, time.day, time.hour


def _hours(times: Iterable[datetime], decisions: Iterable[str]) -> Tallies:
    found: dict[str, dict[str, int]] = {}
    for (hour, decision), count in Counter(zip(map(_hour, times), decisions, strict=True)).items():
        found.setdefault(hour_name(datetime(*hour, tzinfo=UTC)), {})[decision] = count
    return found


def _features(rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """The features of the images that were looked at closely, by the names of their records."""
    looked = [row for row in rows if "seen" in row]
    columns = vars(facts([row["seen"] for row in looked]))
    return dict(zip(map(_name, looked), zip(*(columns[each].tolist() for each in columns), strict=True), strict=True))


def _column(rows: Sequence[Row], name: str) -> list[float]:
    if name != "believed":
        return _present(rows, name)
    unknown = (row for row in rows if row.get("decision") == "not_a_known_vehicle")
    known = (row for row in rows if row.get("decision") != "not_a_known_vehicle")
    return [*_present(known, "confidence"), *_present(unknown, "other")]


def _present(rows: Iterable[Row], name: str) -> list[Any]:
    return [value for row in rows if (value := row.get(name)) is not None]


def _of(rows: Iterable[Row], decisions: Iterable[str], decision: str) -> list[float]:
    """The confidence of the photos with a decision."""
    return [row["confidence"] for row, each in zip(rows, decisions, strict=True) if each == decision]


def _crossed(names: Iterable[str | None], decisions: Iterable[str]) -> Tallies:
    """Photos by name and decision."""
    found: dict[str, dict[str, int]] = {}
    for (name, decision), count in Counter(zip(names, decisions, strict=True)).items():
        if name is not None:
            found.setdefault(name, {})[decision] = count
    return found


def _labels(rows: Iterable[Row]) -> tuple[ClassNames, ...]:
    found: dict[tuple[str, ...], list[datetime]] = {}
    for row in rows:
        if row.get("labels"):
            found.setdefault(row["labels"], []).append(row["time"])
    named = [ClassNames(names, min(times), len(times)) for names, times in found.items()]
    return tuple(sorted(named, key=lambda each: (each.first, each.names)))


def _measured(rows: Sequence[Row], level: int) -> Measured:
    features, most = _features(rows), largest_digest(level)
    chosen = [row for row in rows if row["record"] <= most and row.get("image_digest")]
    return measured_of({(name := _name(row)): (row["image_digest"], features.get(name, ())) for row in chosen}, level)


def _name(row: Row) -> str:
    return f"{row['record']:016x}:{row['position']}"


def _samples(rows: Sequence[Row]) -> Samples:
    readable = [row for row in rows if row.get("image_digest") and row["status"] == "ok"]
    review = (row for row in rows if row.get("decision") in REVIEWED)
    pictured = list(_pictured(readable))
    return samples_of(
        {_name(row): _photo(row) for row in pictured},
        {_name(row): row["seen"].pixels for row in pictured},
        {row["image_digest"] for row in rows if row.get("image_digest")},
        map(_photo, nsmallest(REVIEW, review, key=lambda row: (row["confidence"], *_order(row)))),
        map(_photo, _latest(readable)),
    )


def _pictured(rows: Iterable[Row]) -> Iterable[Row]:
    """The rows whose pixels are kept."""
    digests: set[str] = set()
    for row in sorted((row for row in rows if "seen" in row), key=_name):
        if len(digests) < PICTURES and row["image_digest"] not in digests:
            digests.add(row["image_digest"])
            yield row


def _latest(rows: Iterable[Row]) -> Iterable[Row]:
    """The rows among which the newest photos of each class are; most rows are no candidates."""
    found: dict[str, set[str]] = {}
    known = (row for row in rows if row.get("predicted") is not None)
    for row in sorted(known, key=lambda row: (-row["time"].timestamp(), *_order(row))):
        digests = found.setdefault(row["predicted"], set())
        if len(digests) < NEWEST:
            digests.add(row["image_digest"])
            yield row


def _order(row: Row) -> tuple[Any, ...]:
    return row["time"], row["file"], row["place"], row["position"]


def _photo(row: Row) -> Photo:
    return Photo(
        time=row["time"],
        position=row["position"],
        digest=row.get("image_digest"),
        readable=row["status"] == "ok",
        predicted=row.get("predicted"),
        confidence=row.get("confidence"),
        threshold=row.get("threshold"),
        decision=row.get("decision"),
        inference_id=row.get("inference_id"),
        file=row["file"],
        line=row["line"],
        place=row["place"],
        upright=row.get("upright"),
    )
