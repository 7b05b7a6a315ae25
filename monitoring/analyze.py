"""The monitoring job: `python -m monitoring.analyze --captures DIR --baseline DIR --output DIR --classes a,b …`."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from jobs.files import staged
from monitoring.captures.capture import read_captures
from monitoring.captures.payloads import Defaults
from monitoring.drift.baseline import STATISTICS, read_baseline
from monitoring.drift.comparison import find_drift
from monitoring.errors import InvalidOptionsError, MonitoringError
from monitoring.report.page import Heading, build_report, render
from monitoring.statistics.statistics import Overview, statistics


@dataclass(frozen=True)
class Options:
    """What the report needs besides the captures. Raises InvalidOptionsError.

    `classes` and `threshold` are for answers that name none (those of the built-in algorithm). Reports with the same
    captures, options and `now` are the same, byte for byte. `baseline` is a folder of `statistics.json` and
    `constraints.json` of the training images; without it, or with neither file in it, nothing is compared with them.
    """

    classes: tuple[str, ...]
    threshold: float | None = None
    examples: int = 12
    title: str = "Monitoring"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    baseline: Path | None = None

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
        if self.baseline is not None and not self.baseline.is_dir():
            raise InvalidOptionsError(f"--baseline: '{self.baseline}' is no folder")


@dataclass(frozen=True)
class Summary:
    """What the analysis found, and where it wrote it."""

    overview: Overview
    statistics: Path
    report: Path


def analyze(captures: Path, output: Path, options: Options) -> Summary:
    """Captures below a folder → statistics, violations and report in another. Raises MonitoringError."""
    if not captures.is_dir():
        raise InvalidOptionsError(f"--captures: '{captures}' is no folder")
    baseline = read_baseline(options.baseline) if options.baseline else None
    found = read_captures(captures, Defaults(options.classes, options.threshold))
    drift = find_drift(found.photos, baseline)
    report = build_report(found, captures, Heading(options.title, options.now), options.examples, drift)
    texts = {
        STATISTICS: json.dumps(statistics(found.photos).to_json(), indent=1, allow_nan=False) + "\n",
        "constraint_violations.json": json.dumps(drift.document, indent=1) + "\n",
        "report.html": render(report),
    }
    write(output, texts)
    return Summary(report.overview, output / STATISTICS, output / "report.html")


def write(output: Path, texts: Mapping[str, str]) -> None:
    """Write files by name, all of them or none. Raises MonitoringError."""
    try:
        with staged(output) as stage:
            for name, text in texts.items():
                (stage / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MonitoringError(f"cannot write to '{output}': {error.strerror}") from error


def parse_options(arguments: Sequence[str]) -> tuple[Path, Path, Options]:
    """Captures folder, output folder and options of a command line. Raises InvalidOptionsError."""
    parser = argparse.ArgumentParser(prog="monitoring.analyze", description="Report on what an endpoint captured.")
    parser.add_argument("--captures", type=Path, required=True, help="folder of *.jsonl files, at any depth")
    parser.add_argument("--baseline", type=Path, help="folder of statistics.json and constraints.json of the training")
    parser.add_argument("--output", type=Path, required=True, help="folder for what is written")
    parser.add_argument("--classes", required=True, help="a,b: class names of answers that are bare probabilities")
    parser.add_argument("--threshold", type=float, help="confidence threshold of such answers")
    parser.add_argument("--examples", type=int, default=12, help="photos of the gallery")
    parser.add_argument("--title", default="Monitoring", help="heading of the report")
    parser.add_argument("--now", type=datetime.fromisoformat, default=datetime.now(UTC), help="time of the report")
    found = parser.parse_args(arguments)
    classes = tuple(name.strip() for name in found.classes.split(","))
    options = Options(classes, found.threshold, found.examples, found.title, found.now, found.baseline)
    return found.captures, found.output, options


def main(arguments: Sequence[str]) -> int:
    """Run the job; the exit status is 0, or 2 for arguments that cannot be used, or 1 for what else went wrong."""
    try:
        summary = analyze(*parse_options(arguments))
    except MonitoringError as error:
        sys.stderr.write(f"monitoring.analyze: {error}\n")
        return 2 if isinstance(error, InvalidOptionsError) else 1
    sys.stdout.write(f"{summary.overview.verdict}\n{summary.report}\n{summary.statistics}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
