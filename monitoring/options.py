"""Options of the monitoring job, and the command line that they come from."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from monitoring.errors import InvalidOptionsError
from monitoring.profiles.listing import Listing, read_listing
from windows.spans import EVERYTHING, LENGTHS, Span, just_ended

RECENT = "recent"  # the window without a beginning and an end


@dataclass(frozen=True)
class Options:
    """Options of the report. Raises InvalidOptionsError.

    `classes` and `threshold` apply to answers that do not name their own, such as those of SageMaker's built-in
    algorithm. `baseline` is a folder with `statistics.json` and `constraints.json` of the training images, and perhaps
    `reference.npz`; if it is None, or lacks files, the captures are not compared with them. `ground_truth` is a folder
    with the actual classes of photos; it may be empty. `history` is a folder with the verdicts on other windows, of
    which an index is made; `place` is the S3 URI that the output will have, by which it links to their reports.

    `span` is the window that is judged and counted; without one, the last 24 hours are judged, and everything is
    counted. `profiles` is a folder that keeps what was read for the next report, of any captures; without one, nothing
    is kept. `known_profiles` is one that is only read; what is in `new_profiles` is kept as well. `listing` says which
    captures there are, and takes the place of `span`, where the folders have only what is needed of them and of ground
    truth; without an end, the last 24 hours are both judged and counted. The same captures and options give the same
    report, byte for byte.
    """

    classes: tuple[str, ...]
    threshold: float | None = None
    examples: int = 12
    title: str = "Monitoring"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    baseline: Path | None = None
    profiles: Path | None = None
    known_profiles: Path | None = None
    new_profiles: Path | None = None
    span: Span = EVERYTHING
    listing: Listing | None = None
    ground_truth: Path | None = None
    history: Path | None = None
    place: str = ""

    def __post_init__(self) -> None:
        check_classes(self.classes)
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise InvalidOptionsError(f"--threshold: expected a number from 0 to 1, got {self.threshold}")
        if self.examples < 0:
            raise InvalidOptionsError(f"--examples: expected 0 or more, got {self.examples}")
        if self.now.tzinfo is None:
            raise InvalidOptionsError(f"--now: expected a time with its zone, such as {self.now.isoformat()}Z")
        self._check_places()

    @property
    def window(self) -> Span:
        """The window that is judged; without a beginning and an end where the captures decide."""
        return self.span if self.listing is None else self.listing.span

    @property
    def counts_everything(self) -> bool:
        """Whether the report is about all captures, and not only about the window."""
        return self.listing is None and self.span == EVERYTHING

    @property
    def labels(self) -> Path | None:
        """The folder of ground truth; None without any. Where only what is needed of it is there, that may be none."""
        if self.listing is None or self.ground_truth is None:
            return self.ground_truth
        found = self.ground_truth / self.listing.ground_truth
        return found if found.is_dir() else None

    def _check_places(self) -> None:
        names = ("--baseline", "--ground-truth", "--known-profiles", "--new-profiles", "--history")
        folders = (self.baseline, self.ground_truth, self.known_profiles, self.new_profiles, self.history)
        for name, folder in zip(names, folders, strict=True):
            if folder is not None and not folder.is_dir():
                raise InvalidOptionsError(f"{name}: '{folder}' is not a folder")
        for name, time in (("--from", self.span.start), ("--to", self.span.end)):
            if time is not None and time.tzinfo is None:
                raise InvalidOptionsError(f"{name}: expected a time with its zone, such as {time.isoformat()}Z")


def add_classes(parser: argparse.ArgumentParser) -> None:
    """Adds the option `--classes`, whose value is a tuple of names."""
    parser.add_argument(
        "--classes", type=_names, required=True, help="a,b: classes of answers that are bare probabilities"
    )


def check_classes(classes: Sequence[str]) -> None:
    """Raises InvalidOptionsError unless there are two or more different names."""
    if len(classes) < 2 or not all(classes) or len(set(classes)) < len(classes):
        raise InvalidOptionsError(f"--classes: expected two or more different names, got '{','.join(classes)}'")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def parse_options(arguments: Sequence[str]) -> tuple[Path, Path, Options]:
    """Parses the command line: captures folder, output folder, options. Raises InvalidOptionsError."""
    parser = argparse.ArgumentParser(prog="monitoring.analyze", description="Report on what an endpoint captured.")
    parser.add_argument("--captures", type=Path, required=True, help="folder of *.jsonl files, at any depth")
    parser.add_argument("--baseline", type=Path, help="folder that DescribeData has written")
    parser.add_argument("--ground-truth", type=Path, help="folder of actual classes in Model Monitor's format")
    parser.add_argument("--profiles", type=Path, help="folder that keeps what was read for the next report")
    parser.add_argument("--known-profiles", type=Path, help="folder of what was read for earlier reports")
    parser.add_argument("--new-profiles", type=Path, help="folder of what other jobs have just read, to be kept too")
    parser.add_argument("--history", type=Path, help="folder of verdicts on other windows, for an index")
    parser.add_argument("--place", default="", help="S3 URI of the results, from which the index links to reports")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    add_classes(parser)
    parser.add_argument("--threshold", type=float, help="confidence threshold for such answers")
    parser.add_argument("--examples", type=int, default=12, help="how many photos the gallery shows")
    parser.add_argument("--title", default="Monitoring", help="heading of the report")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, default=datetime.now(UTC), help="time shown in the report"
    )
    parser.add_argument("--from", dest="start", type=datetime.fromisoformat, help="the window's start, with its zone")
    parser.add_argument("--to", dest="end", type=datetime.fromisoformat, help="the window's end, with its zone")
    parser.add_argument(
        "--window", choices=[RECENT, *LENGTHS], default=RECENT, help="instead: the hour or day (UTC) that just ended"
    )
    parser.add_argument("--listing", type=Path, help="instead: what `select-captures` wrote of window and captures")
    found = parser.parse_args(arguments)
    options = Options(
        classes=found.classes,
        threshold=found.threshold,
        examples=found.examples,
        title=found.title,
        now=found.now,
        baseline=found.baseline,
        profiles=found.profiles,
        known_profiles=found.known_profiles,
        new_profiles=found.new_profiles,
        span=_span(found),
        listing=read_listing(found.listing) if found.listing else None,
        ground_truth=found.ground_truth,
        history=found.history,
        place=found.place,
    )
    return found.captures, found.output, options


def _span(found: argparse.Namespace) -> Span:
    if found.listing and (found.start or found.end or found.window != RECENT):
        raise InvalidOptionsError("--listing: excludes --window, --from and --to")
    if found.window == RECENT:
        return Span(found.start, found.end)
    if found.start or found.end:
        raise InvalidOptionsError(f"--window {found.window}: excludes --from and --to")
    return just_ended(found.window, found.now)
