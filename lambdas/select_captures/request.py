"""What `select_captures` is asked: for which window, and where captures, profiles and the lists are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import kind, text, value
from lambdas.shared.uris import split
from windows.spans import EVERYTHING, LENGTHS, Span, just_ended

RECENT = "recent"  # the last 24 hours that have captures


@dataclass(frozen=True)
class Folder:
    """A folder in S3."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """The folder's address."""
        return f"s3://{self.bucket}/{self.key}"

    def inside(self, name: str) -> str:
        """The key of an object in it."""
        return f"{self.key}/{name}"


@dataclass(frozen=True)
class Request:
    """The window that is judged, where what it needs is kept, and where the lists go.

    The captures decide where the window lies if `span` is all time. `now` is when the report is made. `manner` is how
    captures are read: what was read in another one is read again. With several `shares`, so many jobs read what has no
    profile yet, before another one judges the window.
    """

    span: Span
    now: datetime
    captures: Folder
    profiles: Folder
    ground_truth: Folder
    verdicts: Folder
    place: Folder
    manner: str
    shares: int = 1

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Reads an event; raises InvalidRequest, which names the key at fault."""
        now = _time(text(event, "now"))
        return cls(
            span=_span(text(event, "window"), now),
            now=now,
            captures=_folder(event, "captures_uri"),
            profiles=_folder(event, "profiles_uri"),
            ground_truth=_folder(event, "ground_truth_uri"),
            verdicts=_folder(event, "verdicts_uri"),
            place=_folder(event, "place"),
            manner=text(event, "manner"),
            shares=_count(event, "shares"),
        )


def _count(event: Mapping[str, Any], key: str) -> int:
    found = value(event, key)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise InvalidRequest(f"'{key}' must be a whole number from 1, got {kind(found)}")
    return found


def _folder(event: Mapping[str, Any], key: str) -> Folder:
    found = text(event, key)
    bucket, name = split(found)
    if not found.startswith("s3://") or not bucket or not name.strip("/"):
        raise InvalidRequest(f"'{key}' must be s3://<bucket>/<folder>")
    return Folder(bucket, name.rstrip("/"))


def _time(given: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise InvalidRequest("'now' must be a time in ISO 8601") from error
    if found.tzinfo is None:
        raise InvalidRequest("'now' must have a zone")
    return found.astimezone(UTC)


def _span(window: str, now: datetime) -> Span:
    if window not in (RECENT, *LENGTHS):
        raise InvalidRequest(f"'window' must be one of {', '.join((RECENT, *LENGTHS))}")
    return EVERYTHING if window == RECENT else just_ended(window, now)
