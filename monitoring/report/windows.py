"""Reads what was said of windows: every `verdict.json` below some folders, with the report beside it."""

import os
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from monitoring.captures.files import Problem
from monitoring.judgement.verdict import HEADLINES, VERDICT, Word

REPORT = "report.html"
SEVERITY: tuple[Word, ...] = ("trust", "cannot_tell", "look", "do_not_trust")


class Part(BaseModel):
    """A part of `verdict.json`; keys that the index does not need are ignored."""

    model_config = ConfigDict(frozen=True)


class Span(Part):
    """From when to when the window reaches."""

    start: AwareDatetime = Field(alias="from")
    end: AwareDatetime = Field(alias="to")


class Said(Part):
    """A cause, or why something was not compared, in words."""

    text: str = Field("", validation_alias="text")
    why: str = ""


class Share(Part):
    """A share of right answers with its interval."""

    share: float
    low: float
    high: float
    representative: bool = True


class Accuracy(Part):
    """How often the model was right."""

    measured: Share | None = None
    estimated: Share | None = None


class Numbers(Part):
    """How sure the model was."""

    median_confidence: float | None = None
    review_share: float | None = None


class Told(Part):
    """The content of a `verdict.json`, also of a release that had no accuracy."""

    verdict: Word
    window: Span
    records: int = Field(ge=0)
    causes: tuple[Said, ...] = ()
    not_compared: tuple[Said, ...] = ()
    accuracy: Accuracy = Accuracy()
    numbers: Numbers = Numbers()
    report: str | None = None

    @property
    def word(self) -> str:
        """The verdict in words."""
        return HEADLINES[self.verdict]

    @property
    def why(self) -> str:
        """The main cause, or why nothing can be said; empty where all is well."""
        if self.causes:
            return self.causes[0].text
        return self.not_compared[0].why if self.verdict == "cannot_tell" and self.not_compared else ""

    @property
    def headline(self) -> str:
        """The verdict in a line."""
        return f"{self.word}: {self.why}" if self.why else f"{self.word}: {self.records:,} photos"

    @property
    def day(self) -> date:
        """The day (UTC) on which the window ends; midnight belongs to the day before."""
        return (self.window.end - timedelta(microseconds=1)).date()

    @property
    def measured(self) -> Share | None:
        """The measured accuracy, if it is that of all photos."""
        found = self.accuracy.measured
        return found if found is not None and found.representative else None


@dataclass(frozen=True)
class Entry:
    """A window in the index; `link` leads from the index to its report, None without one."""

    told: Told
    link: str | None

    @property
    def end(self) -> datetime:
        """When the window ends."""
        return self.told.window.end


def read_windows(folders: Iterable[Path], index: Path, place: str = "") -> tuple[list[Entry], list[Problem]]:
    """The windows below folders, the oldest first, for an index in the folder `index`.

    `place` is the S3 URI that this folder will have, if any: from there links lead to reports that are in S3. Of
    several verdicts on the same window the one that was written last counts.
    """
    found: dict[tuple[datetime, datetime], Entry] = {}
    problems = []
    paths = {path.resolve() for folder in folders for path in folder.rglob(VERDICT)}
    for path in sorted(paths, key=lambda each: (_written(each), str(each))):
        try:
            told = Told.model_validate_json(path.read_bytes())
        except OSError as error:
            problems.append(Problem(str(path), 0, f"cannot be read: {error.strerror}"))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(Problem(str(path), 0, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"))
        else:
            found[(told.window.start, told.window.end)] = Entry(
                told, _link(path, index) or _link_in_s3(told.report, place)
            )
    return sorted(found.values(), key=lambda entry: entry.end), sorted(problems)


def _link(verdict: Path, index: Path) -> str | None:
    report = verdict.with_name(REPORT)
    return Path(os.path.relpath(report, index.resolve())).as_posix() if report.is_file() else None


def _link_in_s3(report: str | None, place: str) -> str | None:
    """The way from one S3 URI to another in the same bucket."""
    bucket = place.split("/")[:3]
    if not place.startswith("s3://") or report is None or report.split("/")[:3] != bucket:
        return None
    return posixpath.relpath(report, place)


def _written(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
