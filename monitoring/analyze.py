"""The monitoring job: `python -m monitoring.analyze --captures DIR --baseline DIR --output DIR --classes a,b …`."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from monitoring.judgement.window import window_of
from monitoring.options import Options, parse_options
from monitoring.profiles.profile import Counts, Profile
from monitoring.profiles.shelf import Period, Shelf, fill, fill_listed
from monitoring.profiles.store import Store
from monitoring.report.index import INDEX, index_page
from monitoring.report.page import Captured, Heading, build_report, render
from monitoring.statistics.overview import Overview
from monitoring.statistics.statistics import statistics
from monitoring.summaries.problems import problems_of
from windows.spans import EVERYTHING, reach


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
    references = read_references(options.baseline, options.labels)
    with _store(options) as store:
        shelf = _shelf(captures, defaults, store, options)
        window = window_of(shelf, options.window, options.now)
        period = shelf.period(EVERYTHING) if options.counts_everything else window.period
    named = references.truth.classes if references.truth else {}
    labelled = read_answers_to(named, shelf.reader.folder, shelf.files_of(window.span), defaults) if named else None
    verdict = judge(window, references, labelled)
    drift = find_drift(period, references.statistics)
    captured = Captured(with_problems(period, references.truth), shelf.reader.folder, shelf.files)
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


def _shelf(captures: Path, defaults: Defaults, store: Store, options: Options) -> Shelf:
    if options.listing is not None:
        return fill_listed(captures, defaults, store, options.listing)
    return fill(captures, defaults, store, reach(options.span))


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
    with tempfile.TemporaryDirectory(prefix="profiles-") as name:
        store = Store(options.profiles or Path(name), options.known_profiles)
        if options.new_profiles is not None:
            store.take(options.new_profiles)
        yield store


def write(output: Path, texts: Mapping[str, str]) -> None:
    """Writes the given files, all of them or none. `texts` maps names to contents. Raises MonitoringError."""
    try:
        with staged(output) as stage:
            for name, text in texts.items():
                (stage / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MonitoringError(f"cannot write to '{output}': {error.strerror}") from error


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
