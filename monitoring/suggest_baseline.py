"""DescribeData: computes the drift baseline (Model Monitor's *suggested baseline*).

It is made of the training images, and of what the model answers to the test images.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from jobs.entry_point import run_job
from jobs.files import staged, write_json
from monitoring.captures.evaluated import read_answers
from monitoring.drift.baseline import CONSTRAINTS, STATISTICS, suggest_baseline
from monitoring.errors import MonitoringError
from monitoring.features.training_images import read_training_images


def run(train: Path, manifest: Path, answers: Path, output: Path) -> int:
    """Writes `statistics.json` and `constraints.json`, both or neither. Returns the number of training images.

    Raises InvalidTrainingImagesError, InvalidAnswersError.
    """
    images = read_training_images(train, manifest)
    baseline = suggest_baseline(images, read_answers(answers))
    with staged(output) as stage:
        write_json(stage / STATISTICS, baseline.statistics.to_json())
        write_json(stage / CONSTRAINTS, baseline.constraints.to_json())
    return len(images)


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
