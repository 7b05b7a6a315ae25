"""How good the configured model is, over several seeds: trained by TrainModel's script, measured by EvaluateModel's.

Run as `python benchmarks/accuracy.py --data ARCHIVE [--environment dev] [--seeds 7 8 9 10 11]`; prints a line for each
seed, then mean and spread. Nothing is chosen on the test split, whose figures these are.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from pipelines.configuration import load
from pipelines.settings import Settings

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
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz, or a part of it")
    parser.add_argument("--environment", default="dev", help="whose configuration")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9, 10, 11])
    arguments = parser.parse_args()
    settings = load(arguments.environment)
    print(f"{'seed':>5}" + "".join(f"{title:>18}" for title in FIGURES.values()), flush=True)
    with tempfile.TemporaryDirectory() as name:
        data = prepare(arguments.data, settings, Path(name))
        runs = []
        for seed in arguments.seeds:
            runs.append(measure(data, settings, seed, Path(name) / str(seed)))
            print(line(str(seed), runs[-1]), flush=True)
    print(line("mean", {key: statistics.mean(run[key] for run in runs) for key in FIGURES}))
    if len(runs) > 1:
        print(line("sd", {key: statistics.stdev(run[key] for run in runs) for key in FIGURES}))


def line(title: str, figures: dict[str, float]) -> str:
    """A row of the table."""
    return f"{title:>5}" + "".join(f"{figures[key]:>18.4f}" for key in FIGURES)


def prepare(archive: Path, settings: Settings, work: Path) -> Path:
    """The folder of PrepareData's outputs."""
    (work / "raw").mkdir()
    (work / "raw" / "cifar-100-python.tar.gz").symlink_to(archive.resolve())
    places = ["--archive", str(work / "raw"), "--output", str(work / "data")]
    run(["-m", "steps.prepare", *places, "--classes", ",".join(settings.dataset.classes)], ENVIRONMENT)
    return work / "data"


def measure(data: Path, settings: Settings, seed: int, work: Path) -> dict[str, Any]:
    """Train with a seed, and evaluate on the test split."""
    (work / "champion").mkdir(parents=True)
    hyperparameters: dict[str, Any] = settings.training.hyperparameters | {"seed": seed, "code_digest": "benchmark"}
    places = {"TRAIN": data / "train", "MANIFEST": data / "manifest"}
    variables = {f"SM_CHANNEL_{name}": str(path) for name, path in places.items()}
    began = time.monotonic()
    run(
        ["steps/train.py", *(text for key, value in hyperparameters.items() for text in (f"--{key}", str(value)))],
        ENVIRONMENT | variables | {"SM_MODEL_DIR": str(work / "model"), "TRAINING_JOB_NAME": f"seed-{seed}"},
    )
    seconds = time.monotonic() - began
    with tarfile.open(work / "model.tar.gz", "w:gz") as archive:
        archive.add(work / "model", ".")
    folders = {"model": work, "champion": work / "champion", "test": data / "test", "manifest": data / "manifest"}
    options = [text for name, path in folders.items() for text in (f"--{name}", str(path))]
    gates = ["--minimum-accuracy", "0", "--minimum-coverage", "0", "--maximum-regression", "1"]
    run(["-m", "steps.evaluate", *options, "--output", str(work / "out"), *gates], ENVIRONMENT)
    evaluation: dict[str, Any] = json.loads((work / "out" / "evaluation.json").read_text(encoding="utf-8"))
    return {**evaluation, "seconds": seconds}


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run Python in the repository; what it says is shown only if it fails."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
