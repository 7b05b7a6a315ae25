"""DescribeData: statistics and constraints of the training images, the baseline that monitoring compares with."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from jobs.entry_point import run_job
from jobs.files import staged, write_json
from steps.baseline import constraints, features, statistics
from steps.dataset.files import load_dataset, load_manifest
from steps.errors import StepError


def run(train: Path, manifest: Path, output: Path) -> int:
    """Write `statistics.json` and `constraints.json`, both or none; returns the number of images. Raises StepError."""
    classes = load_manifest(manifest).classes
    dataset = load_dataset(train, len(classes))
    described = features(dataset, classes)
    with staged(output) as stage:
        write_json(stage / "statistics.json", statistics(described))
        write_json(stage / "constraints.json", constraints(described))
    return len(dataset.labels)


def main(argv: Sequence[str]) -> None:
    """Describe the data. Raises StepError."""
    parser = argparse.ArgumentParser(prog="steps.describe", description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="folder with data.npz")
    parser.add_argument("--manifest", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--output", type=Path, required=True)
    images = run(**vars(parser.parse_args(argv)))
    print(f"described {images} training images")


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:]), StepError))
