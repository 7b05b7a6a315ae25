"""How good the configured model is, over several seeds: trained by TrainModel's script, measured by EvaluateModel's.

Run as `python benchmarks/accuracy.py --data ARCHIVE [--environment dev] [--seeds 7 8 9 10 11]`; prints a line for each
training, then mean and spread. Nothing is chosen on the test split, whose figures these are. To choose, run it with
`--held-out 5`: a fifth of the training photos at a time is then kept from the whole training, folds and calibration
included, and stands in for the test split, which is not looked at; `--set epochs=120 width=32` tries other settings.
With `--one-part`, a fifth of the time, each seed keeps one fifth only: the first seed the first, and so on.
"""

# ruff: noqa: E402
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # beside this file, `monitoring` is a benchmark

import numpy as np
import yaml
from pydantic import ValidationError

from pipelines.settings.model import Settings
from pipelines.settings.reading import load
from pipelines.settings.sections import Training
from steps.dataset.files import DATA_NAME, load_dataset
from steps.training.plan import stratified_fold_numbers

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
FIGURES = {
    "seconds": "training, s",
    "accuracy": "accuracy",
    "coverage": "decided",
    "accuracy_of_accepted": "right of those",
    "threshold": "threshold",
    "expected_calibration_error": "ECE",
    "calibrated_error": "ECE if calibrated",
    "calibration_p_value": "p calibrated",
    "robust_accuracy": "when changed",
    "others_decided": "others decided",
}


@dataclass(frozen=True)
class Trial:
    """A training, and the folder of the photos that it learns from and is measured on."""

    name: str
    data: Path
    seed: int


def main() -> None:
    """Measure and print."""
    arguments = parse(str(__doc__))
    settings = load(arguments.environment)
    hyperparameters = changed(settings.training, arguments.set).hyperparameters
    print(f"{'':>7}" + "".join(f"{title:>18}" for title in FIGURES.values()), flush=True)
    with tempfile.TemporaryDirectory() as name:
        data = prepare(arguments.data, settings, Path(name))
        runs = []
        for trial in trials(data, arguments.seeds, arguments.held_out, arguments.one_part):
            runs.append(measure(trial, hyperparameters, Path(name) / f"trial-{trial.name}"))
            print(line(trial.name, runs[-1]), flush=True)
    print(line("mean", {key: statistics.mean(run[key] for run in runs) for key in FIGURES}))
    if len(runs) > 1:
        print(line("sd", {key: statistics.stdev(run[key] for run in runs) for key in FIGURES}))


def parse(description: str) -> argparse.Namespace:
    """The arguments of a benchmark that trains."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz, or a part of it")
    parser.add_argument("--environment", default="dev", help="whose configuration")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9, 10, 11])
    parser.add_argument("--held-out", type=int, metavar="N", help="measure on N parts of the training photos instead")
    parser.add_argument("--one-part", action="store_true", help="of the N parts, one for each seed")
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="other settings of `training`")
    return parser.parse_args()


def changed(training: Training, changes: list[str]) -> Training:
    """The section with other values, each `KEY=VALUE`; ends the program where one is not allowed."""
    values = {key: yaml.safe_load(value) for key, _, value in (each.partition("=") for each in changes)}
    try:
        return Training.model_validate(training.model_dump() | values)
    except ValidationError as error:
        raise SystemExit(f"--set: {error}") from error


def line(title: str, figures: dict[str, float]) -> str:
    """A row of the table."""
    return f"{title:>7}" + "".join(f"{figures[key]:>18.4f}" for key in FIGURES)


def trials(data: Path, seeds: list[int], count: int | None, one_part: bool = False) -> Iterator[Trial]:
    """A training for each seed, or for each seed and each of the parts that are held out, or one of them."""
    for number, seed in enumerate(seeds):
        if count:
            yield from held_out(data, count, seed, [number % count] if one_part else range(count))
        else:
            yield Trial(str(seed), data, seed)


def held_out(data: Path, count: int, seed: int, chosen: Iterable[int]) -> Iterator[Trial]:
    """The training photos without one of the chosen parts at a time, which stands in for the test split."""
    photos, others = load_dataset(data / "train"), load_dataset(data / "others", fewest=0)
    parts = stratified_fold_numbers(photos.labels, count, seed)
    strange = np.random.default_rng(seed).permutation(len(others.labels)) % count
    for part in chosen:
        folder = data.parent / f"{seed}-{part + 1}"
        photos.take(np.flatnonzero(parts != part)).save(folder / "train" / DATA_NAME)
        photos.take(np.flatnonzero(parts == part)).save(folder / "test" / DATA_NAME)
        others.take(np.flatnonzero(strange != part)).save(folder / "others" / DATA_NAME)
        others.take(np.flatnonzero(strange == part)).save(folder / "others_test" / DATA_NAME)
        (folder / "manifest").symlink_to(data / "manifest")
        yield Trial(f"{seed}/{part + 1}", folder, seed)


def prepare(archive: Path, settings: Settings, work: Path) -> Path:
    """The folder of PrepareData's outputs."""
    (work / "raw").mkdir()
    (work / "raw" / "cifar-100-python.tar.gz").symlink_to(archive.resolve())
    places = ["--archive", str(work / "raw"), "--output", str(work / "data")]
    options = ["--classes", ",".join(settings.dataset.classes), "--others", str(settings.dataset.others)]
    run(["-m", "steps.prepare", *places, *options], ENVIRONMENT)
    return work / "data"


def measure(trial: Trial, hyperparameters: dict[str, float], work: Path) -> dict[str, Any]:
    """Train with a seed, and evaluate on the test split."""
    (work / "champion").mkdir(parents=True)
    options: dict[str, Any] = hyperparameters | {"seed": trial.seed, "code_digest": "benchmark"}
    variables = {f"SM_CHANNEL_{name.upper()}": str(trial.data / name) for name in ("train", "others", "manifest")}
    began = time.monotonic()
    run(
        ["steps/train.py", *(text for key, value in options.items() for text in (f"--{key}", str(value)))],
        ENVIRONMENT | variables | {"SM_MODEL_DIR": str(work / "model"), "TRAINING_JOB_NAME": f"trial-{trial.name}"},
    )
    seconds = time.monotonic() - began
    with tarfile.open(work / "model.tar.gz", "w:gz") as archive:
        archive.add(work / "model", ".")
    measured = {name.replace("_", "-"): trial.data / name for name in ("test", "others_test", "manifest")}
    folders = {"model": work, "champion": work / "champion", "output": work / "out"} | measured
    gates = {"minimum-accuracy": 0, "minimum-coverage": 0, "maximum-regression": 1}
    gates |= {"minimum-robust-accuracy": 0, "maximum-others-decided": 1}
    run(["-m", "steps.evaluate", *(f"--{name}={value}" for name, value in (folders | gates).items())], ENVIRONMENT)
    evaluation: dict[str, Any] = json.loads((work / "out" / "evaluation.json").read_text(encoding="utf-8"))
    others = math.nan if evaluation["others_decided"] is None else evaluation["others_decided"]
    return {**evaluation, "seconds": seconds, "others_decided": others}


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run Python in the repository; what it says is shown only if it fails."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
