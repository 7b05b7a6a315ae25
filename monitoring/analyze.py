"""The monitoring job: `python -m monitoring.analyze --captures DIR --baseline DIR --output DIR --classes a,b …`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from jobs.entry_point import leave_message
from jobs.files import staged
from monitoring.captures.capture import read_answers_to
from monitoring.captures.payloads import Defaults
from monitoring.drift.baseline import STATISTICS, read_baseline
from monitoring.drift.comparison import find_drift
from monitoring.errors import InvalidBaselineError, InvalidOptionsError, MonitoringError
from monitoring.ground_truth.records import GroundTruth, read_ground_truth
from monitoring.judgement.reference import read_reference
from monitoring.judgement.verdict import VERDICT, References, Verdict, judge
from monitoring.judgement.window import reach, window_of
from monitoring.profiles.profile import Counts, Profile
from monitoring.profiles.shelf import Period, fill
from monitoring.profiles.span import EVERYTHING, LENGTHS, Span, just_ended
from monitoring.profiles.store import Store
from monitoring.report.index import INDEX, index_page
from monitoring.report.page import Captured, Heading, build_report, render
from monitoring.statistics.overview import Overview
from monitoring.statistics.statistics import statistics
from monitoring.summaries.problems import problems_of

RECENT = "recent"  # the window without a beginning and an end


@dataclass(frozen=True)
class Options:
    """Options of the report. Raises InvalidOptionsError.

    `classes` and `threshold` apply to answers that do not name their own, such as those of SageMaker's built-in
    algorithm. `baseline` is a folder with `statistics.json` and `constraints.json` of the training images, and perhaps
    `reference.npz`; if it is None, or lacks files, the captures are not compared with them. `ground_truth` is a folder
    with the actual classes of photos; it may be empty. `history` is a folder with the verdicts on other windows, of
    which an index is made; `place` is the S3 URI that the output will have, by which it links to their reports.

    `span` is the window that is judged and counted; without one, everything is counted, and the last 24 hours are
    judged. `profiles` is a folder that keeps what was read for the next report, of any captures; without one, nothing
    is kept. `known_profiles` is one that is only read. The same captures and options give the same report, byte for
    byte.
    """

    classes: tuple[str, ...]
    threshold: float | None = None
    examples: int = 12
    title: str = "Monitoring"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    baseline: Path | None = None
    profiles: Path | None = None
    known_profiles: Path | None = None
    span: Span = EVERYTHING
    ground_truth: Path | None = None
    history: Path | None = None
    place: str = ""

    def __post_init__(self) -> None:
        if len(self.classes) < 2 or not all(self.classes) or len(set(self.classes)) < len(self.classes):
            raise InvalidOptionsError(
                f"--classes: expected two or more different names, got '{','.join(self.classes)}'"
            )
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise InvalidOptionsError(f"--threshold: expected a number from 0 to 1, got {self.threshold}")
        if self.examples < 0:
            raise InvalidOptionsError(f"--examples: expected 0 or more, got {self.examples}")
        if self.now.tzinfo is None:
            raise InvalidOptionsError(f"--now: expected a time with its zone, such as {self.now.isoformat()}Z")
        self._check_places()

    def _check_places(self) -> None:
        names = ("--baseline", "--ground-truth", "--known-profiles", "--history")
        folders = (self.baseline, self.ground_truth, self.known_profiles, self.history)
        for name, folder in zip(names, folders, strict=True):
            if folder is not None and not folder.is_dir():
                raise InvalidOptionsError(f"{name}: '{folder}' is not a folder")
        for name, time in (("--from", self.span.start), ("--to", self.span.end)):
            if time is not None and time.tzinfo is None:
                raise InvalidOptionsError(f"{name}: expected a time with its zone, such as {time.isoformat()}Z")


@dataclass(frozen=True)
class Summary:
    """What the analysis found, and the files that it wrote."""

    overview: Overview
    verdict: Verdict
    statistics: Path
    report: Path


def analyze(captures: Path, output: Path, options: Options) -> Summary:
    """Reads the captures below one folder and writes verdict, statistics, violations and report to another.

    Raises MonitoringError.
    """
    if not captures.is_dir():
        raise InvalidOptionsError(f"--captures: '{captures}' is not a folder")
    defaults = Defaults(options.classes, options.threshold)
    references = read_references(options.baseline, options.ground_truth)
    with _store(options) as store:
        shelf = fill(captures, defaults, store, reach(options.span))
        window = window_of(shelf, options.span, options.now)
        period = window.period if options.span != EVERYTHING else shelf.period(EVERYTHING)
    named = references.truth.classes if references.truth else {}
    labelled = read_answers_to(named, captures, shelf.files_of(window.span), defaults) if named else None
    verdict = judge(window, references, labelled)
    drift = find_drift(period, references.statistics)
    captured = Captured(with_problems(period, references.truth), captures, shelf.files)
    report = build_report(captured, Heading(options.title, options.now), options.examples, drift, verdict)
    texts = {
        VERDICT: json.dumps(verdict.document, indent=1, allow_nan=False, ensure_ascii=False) + "\n",
        STATISTICS: json.dumps(statistics(period.profile.counts).to_json(), indent=1, allow_nan=False) + "\n",
        "constraint_violations.json": json.dumps(drift.document, indent=1) + "\n",
        "report.html": render(report),
    }
    write(output, texts)
    if options.history is not None:
        write(output, {INDEX: index_page([options.history, output], output, options.title, options.place)})
    return Summary(report.overview, verdict, output / STATISTICS, output / "report.html")


def with_problems(period: Period, truth: GroundTruth | None) -> Period:
    """A period with what could not be read of the ground truth, in files that are named as such."""
    found = [replace(each, file=f"ground truth: {each.file}") for each in truth.problems] if truth else []
    return replace(period, profile=period.profile + Profile(Counts(problems=problems_of(found))))


def read_references(baseline: Path | None, truth: Path | None) -> References:
    """What windows are compared with, or why they are not with good photos. Raises InvalidBaselineError."""
    found = References(truth=read_ground_truth(truth) if truth else None)
    if baseline is None:
        return found
    found = replace(found, statistics=read_baseline(baseline))
    try:
        return replace(found, photos=read_reference(baseline))
    except InvalidBaselineError as error:  # the rest of the report is as good as ever
        return replace(found, missing=str(error))


@contextmanager
def _store(options: Options) -> Iterator[Store]:
    """Where profiles are; those that nobody wants to keep are on disk as well, for memory does not grow with them."""
    if options.profiles is not None:
        yield Store(options.profiles, options.known_profiles)
        return
    with tempfile.TemporaryDirectory(prefix="profiles-") as name:
        yield Store(Path(name), options.known_profiles)


def write(output: Path, texts: Mapping[str, str]) -> None:
    """Writes the given files, all of them or none. `texts` maps names to contents. Raises MonitoringError."""
    try:
        with staged(output) as stage:
            for name, text in texts.items():
                (stage / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MonitoringError(f"cannot write to '{output}': {error.strerror}") from error


def parse_options(arguments: Sequence[str]) -> tuple[Path, Path, Options]:
    """Parses the command line: captures folder, output folder, options. Raises InvalidOptionsError."""
    parser = argparse.ArgumentParser(prog="monitoring.analyze", description="Report on what an endpoint captured.")
    parser.add_argument("--captures", type=Path, required=True, help="folder of *.jsonl files, at any depth")
    parser.add_argument("--baseline", type=Path, help="folder that DescribeData has written")
    parser.add_argument("--ground-truth", type=Path, help="folder of actual classes in Model Monitor's format")
    parser.add_argument("--profiles", type=Path, help="folder that keeps what was read for the next report")
    parser.add_argument("--known-profiles", type=Path, help="folder of what was read for earlier reports")
    parser.add_argument("--history", type=Path, help="folder of verdicts on other windows, for an index")
    parser.add_argument("--place", default="", help="S3 URI of the results, from which the index links to reports")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    parser.add_argument("--classes", required=True, help="a,b: classes of answers that are bare probabilities")
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
    found = parser.parse_args(arguments)
    classes = tuple(name.strip() for name in found.classes.split(","))
    options = Options(
        classes=classes,
        threshold=found.threshold,
        examples=found.examples,
        title=found.title,
        now=found.now,
        baseline=found.baseline,
        profiles=found.profiles,
        known_profiles=found.known_profiles,
        span=_span(found),
        ground_truth=found.ground_truth,
        history=found.history,
        place=found.place,
    )
    return found.captures, found.output, options


def _span(found: argparse.Namespace) -> Span:
    if found.window == RECENT:
        return Span(found.start, found.end)
    if found.start or found.end:
        raise InvalidOptionsError(f"--window {found.window}: excludes --from and --to")
    return just_ended(found.window, found.now)


def main(arguments: Sequence[str]) -> int:
    """Runs the job. Returns its exit code: 0, 2 for invalid arguments, 1 for any other expected error."""
    try:
        summary = analyze(*parse_options(arguments))
    except MonitoringError as error:
        sys.stderr.write(f"monitoring.analyze: {error}\n")
        return 2 if isinstance(error, InvalidOptionsError) else 1
    leave_message(summary.verdict.headline)
    sys.stdout.write(
        f"{summary.verdict.headline}\n{summary.overview.verdict}\n{summary.report}\n{summary.statistics}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
