"""DescribeData: computes the drift baseline (Model Monitor's *suggested baseline*).

It is made of the training images, of photos of other things, and of what the model answers to the test images.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from jobs.entry_point import run_job
from jobs.files import staged, write_json
from monitoring.captures.evaluated import read_answers
from monitoring.drift.baseline import CONSTRAINTS, STATISTICS, suggest_baseline
from monitoring.errors import MonitoringError
from monitoring.features.pixels import Pixels
from monitoring.features.training_images import Labelled, read_images, read_training_images
from monitoring.judgement.eye import of_test_photos
from monitoring.judgement.learning import FEWEST, learn
from monitoring.judgement.reference import REFERENCE


@dataclass(frozen=True)
class Options:
    """Command-line options of DescribeData."""

    train: Path
    manifest: Path
    others: Path
    answers: Path
    output: Path


def run(options: Options) -> str:
    """Writes the baseline. Returns what was described, in words.

    Raises InvalidTrainingImagesError, InvalidAnswersError.
    """
    photos = read_training_images(options.train, options.manifest)
    others = read_images(options.others)
    answers = read_answers(options.answers)
    described = f"described {len(photos.images)} training images"
    if len(photos.images) >= FEWEST:
        write_baseline(photos, others, options.output, answers)
        return described
    with staged(options.output) as stage:  # a model of so few images may still be registered
        _describe(photos, answers, stage)
    return f"{described}, too few for a reference, which takes {FEWEST}: monitoring will not be able to judge photos"


def write_baseline(photos: Labelled, others: Pixels | None, output: Path, answers: pd.DataFrame | None = None) -> None:
    """Writes `statistics.json`, `constraints.json`, and `reference.npz` by which a window is judged, or none of them.

    `others` show none of the classes. Raises InvalidTrainingImagesError.
    """
    reference = replace(learn(photos.images, photos.labels, photos.classes, others), eye=of_test_photos(answers))
    with staged(output) as stage:
        _describe(photos, answers, stage)
        reference.save(stage / REFERENCE)


def _describe(photos: Labelled, answers: pd.DataFrame | None, folder: Path) -> None:
    baseline = suggest_baseline(photos.features, answers)
    write_json(folder / STATISTICS, baseline.statistics.to_json())
    write_json(folder / CONSTRAINTS, baseline.constraints.to_json())


def main(arguments: Sequence[str]) -> None:
    """Runs the job. Raises MonitoringError."""
    parser = argparse.ArgumentParser(prog="monitoring.suggest_baseline", description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="folder with data.npz")
    parser.add_argument("--manifest", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument(
        "--others", type=Path, required=True, help="folder with data.npz of photos of none of the classes"
    )
    parser.add_argument("--answers", type=Path, required=True, help="folder with answers.json of EvaluateModel")
    parser.add_argument("--output", type=Path, required=True)
    sys.stdout.write(run(Options(**vars(parser.parse_args(arguments)))) + "\n")


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:]), MonitoringError))
