"""The most important counts of captured photos, for people."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.pages import listed
from monitoring.profiles.profile import UNDECIDED, Counts, Profile

# The decisions that send a photo to a person, and all of them with the photos that have none, in words.
REVIEWED = {"low_confidence": "not sure enough", "not_a_known_vehicle": "no known vehicle"}
DECISIONS = {"accepted": "decided automatically", **REVIEWED, UNDECIDED: "no answer"}


@dataclass(frozen=True)
class Overview:
    """The most important counts. `first` and `last` are times of capture in UTC, None without photos."""

    photos: int
    distinct_photos: int
    accepted: int
    low_confidence: int
    not_a_known_vehicle: int
    undecided: int
    unreadable_photos: int
    unusable_lines: int
    unreadable_files: int
    duplicates: int
    files: int
    classes: dict[str, int]
    model_versions: dict[str, int]
    thresholds: tuple[float, ...]
    first: datetime | None
    last: datetime | None
    synthetic: bool

    @property
    def decided(self) -> int:
        """Photos for which an answer was captured."""
        return self.accepted + self.for_review

    @property
    def for_review(self) -> int:
        """Photos that a person looks at, for either reason."""
        return self.low_confidence + self.not_a_known_vehicle

    @property
    def accepted_share(self) -> float:
        """Share of the answered photos at or above the threshold; NaN if there are none."""
        return self.accepted / self.decided if self.decided else math.nan

    @property
    def verdict(self) -> str:
        """The sentence at the top of the report."""
        bad = _unreadable(self)
        if not self.photos:
            wrong = self.unusable_lines or self.unreadable_files
            return f"Nothing was captured; {bad}" if wrong else "Nothing was captured"
        parts = [f"{self.photos:,} {'photo' if self.photos == 1 else 'photos'}"]
        if self.decided:
            parts.append(f"{self.accepted:,} decided automatically ({self.accepted_share:.0%})".replace("%", " %"))
            unknown = f" ({self.not_a_known_vehicle:,} no known vehicle)" if self.not_a_known_vehicle else ""
            parts.append(f"{self.for_review:,} for review{unknown}")
        if self.undecided:
            parts.append(f"{self.undecided:,} without an answer")
        return f"{', '.join(parts)}; {bad}"


def overview(profile: Profile, files: int) -> Overview:
    """The most important counts of a profile of so many files."""
    counts, problems = profile.counts, profile.counts.problems
    return Overview(
        photos=counts.photos,
        distinct_photos=profile.samples.distinct,
        accepted=counts.decided("accepted"),
        low_confidence=counts.decided("low_confidence"),
        not_a_known_vehicle=counts.decided("not_a_known_vehicle"),
        undecided=counts.decided(UNDECIDED),
        unreadable_photos=counts.tally("status").get("unreadable", 0),
        unusable_lines=problems.lines,
        unreadable_files=problems.files,
        duplicates=counts.duplicates,
        files=files,
        classes={**dict.fromkeys(class_names(counts), 0), **counts.tally("predicted")},
        model_versions=dict(counts.tally("model_version")),
        thresholds=tuple(sorted(counts.thresholds)),
        first=counts.first,
        last=counts.last,
        synthetic=counts.synthetic,
    )


def class_names(counts: Counts) -> list[str]:
    """All classes of the answers, in their order, including those that were never predicted."""
    return list(dict.fromkeys(name for labels in counts.labels for name in labels.names))


def per_day(counts: Counts) -> list[dict[str, Any]]:
    """Photos by day (UTC, `yyyy-mm-dd`) and decision; days without photos are left out."""
    found: dict[str, dict[str, Any]] = {}
    for hour, tally in sorted(counts.hours.items()):
        day = found.setdefault(hour[:10], {"day": hour[:10], **dict.fromkeys(DECISIONS, 0)})
        for decision, count in tally.items():
            day[decision] += count
    return list(found.values())


def _unreadable(found: Overview) -> str:
    """The end of the verdict: how many photos, lines and files could not be read."""
    named = [(found.unreadable_photos, "photo"), (found.unusable_lines, "line"), (found.unreadable_files, "file")]
    parts = [f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in named if count]
    return f"{listed(parts)} unreadable" if parts else "nothing unreadable"
