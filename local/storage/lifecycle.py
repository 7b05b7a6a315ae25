"""What the rules of a bucket's life cycle remove at a time. Pure.

Source: "Lifecycle configuration elements" and "Expiring objects" in S3's user guide. Rules are records as S3's API
has them. Times are aware.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from local.protocol.json_types import Record

Kind = Literal["object", "old version", "delete marker", "upload"]
Tags = Callable[[str], dict[str, str]]  # of the current version of an object, by its key


@dataclass(frozen=True)
class Removal:
    """Something to remove: a version, an upload by its ID, or with an empty `version` the object itself.

    Where a bucket keeps versions, removing an object puts a delete marker in front of them.
    """

    kind: Kind
    key: str
    version: str = ""


@dataclass(frozen=True)
class Version:
    """A version of an object, or a delete marker, and when it was made."""

    id: str
    since: datetime
    marker: bool = False


@dataclass(frozen=True)
class Upload:
    """An upload in parts that is not complete."""

    key: str
    id: str
    since: datetime


def removals(
    rules: Sequence[Record], versions: Mapping[str, Sequence[Version]], tags: Tags, now: datetime
) -> Iterator[Removal]:
    """The objects, versions and delete markers that any rule removes, given the versions of each key, oldest first."""
    enabled = [rule for rule in rules if rule["Status"] == "Enabled"]
    for key, history in versions.items():
        current, older = history[-1], history[:-1]
        chosen = [rule for rule in enabled if _applies(rule, key, tags)]
        if current.marker:
            if not older and any(_tidies(rule, current, now) for rule in chosen):
                yield Removal("delete marker", key, current.id)
        elif any(_expires(rule, current, now) for rule in chosen):
            yield Removal("object", key)
        for version, newer in zip(older, history[1:], strict=True):
            if any(_old(rule, newer.since, now) for rule in chosen):
                yield Removal("old version", key, version.id)


def aborted(rules: Sequence[Record], uploads: Iterable[Upload], now: datetime) -> Iterator[Removal]:
    """The uploads in parts that were begun too long ago. A rule with tags cannot ask for that."""
    for upload in uploads:
        for rule in rules:
            days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
            prefix = upload.key.startswith(_prefix(rule))
            if rule["Status"] == "Enabled" and days and prefix and _due(upload.since, days) <= now:
                yield Removal("upload", upload.key, upload.id)
                break


def _applies(rule: Record, key: str, tags: Tags) -> bool:
    wanted = _tags(rule)
    return key.startswith(_prefix(rule)) and (not wanted or wanted.items() <= tags(key).items())


def _prefix(rule: Record) -> str:
    chosen = rule.get("Filter", {})
    return str(rule.get("Prefix") or chosen.get("Prefix") or chosen.get("And", {}).get("Prefix") or "")


def _tags(rule: Record) -> dict[str, str]:
    chosen = rule.get("Filter", {})
    listed = [chosen["Tag"]] if "Tag" in chosen else chosen.get("And", {}).get("Tags", [])
    return {each["Key"]: each["Value"] for each in listed}


def _expires(rule: Record, current: Version, now: datetime) -> bool:
    expiration = rule.get("Expiration", {})
    if "Date" in expiration:
        return bool(expiration["Date"] <= now)
    return "Days" in expiration and _due(current.since, expiration["Days"]) <= now


def _tidies(rule: Record, marker: Version, now: datetime) -> bool:
    """Whether a rule removes a delete marker that has nothing behind it any more."""
    return bool(rule.get("Expiration", {}).get("ExpiredObjectDeleteMarker")) or _expires(rule, marker, now)


def _old(rule: Record, replaced: datetime, now: datetime) -> bool:
    days = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
    return bool(days) and _due(replaced, days) <= now


def _due(since: datetime, days: int) -> datetime:
    """The midnight (UTC) that ends the day on which something becomes so many days old."""
    midnight = (since + timedelta(days=days)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)
