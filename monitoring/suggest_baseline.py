"""DescribeData: computes the drift baseline (Model Monitor's *suggested baseline*).

It is made of the training images, and of what the model answers to the test images.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from jobs.entry_point import run_job
from jobs.files import staged, write_json
from monitoring.captures.evaluated import read_answers
from monitoring.drift.baseline import CONSTRAINTS, STATISTICS, suggest_baseline
from monitoring.errors import MonitoringError
from monitoring.features.pixels import Pixels
from monitoring.features.training_images import Labelled, read_training_images
from monitoring.judgement.learning import learn
from monitoring.judgement.reference import REFERENCE


def run(train: Path, manifest: Path, answers: Path, output: Path) -> int:
    """Writes `statistics.json` and `constraints.json`, both or neither. Returns the number of training images.

    Raises InvalidTrainingImagesError, InvalidAnswersError.
    """
    photos = read_training_images(train, manifest)
    given = read_answers(answers)
    with staged(output) as stage:
        _describe(photos, given, stage)
    return len(photos.images)


def write_baseline(photos: Labelled, others: Pixels | None, output: Path) -> None:
    """Writes those two files and `reference.npz`, by which a window is judged; `others` show none of the classes.

    Raises InvalidTrainingImagesError.
    """
    reference = learn(photos.images, photos.labels, photos.classes, others)
    with staged(output) as stage:
        _describe(photos, None, stage)
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
    parser.add_argument("--answers", type=Path, required=True, help="folder with answers.json of EvaluateModel")
    parser.add_argument("--output", type=Path, required=True)
    images = run(**vars(parser.parse_args(arguments)))
    sys.stdout.write(f"described {images} training images\n")


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:]), MonitoringError))
