"""Training interrupted, or on another number of cores: always the same model.

That of two processes is compared in `tests/end_to_end/delivery/test_resumed_training.py`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from unit.steps.training.cores import cores

from jobs.entry_point import run_job
from pipelines.data.generate import write_archive
from steps import prepare, train
from steps.classifier.classifier import load_classifier
from steps.errors import StepError
from steps.training.networks import CHECKPOINT_EPOCHS

ROOT = Path(__file__).parents[4]
Job = subprocess.Popen[str]
EPOCHS = CHECKPOINT_EPOCHS + 2  # a checkpoint on the way, and one at the end
HYPERPARAMETERS = (
    f"--batch_size 32 --code_digest c --epochs {EPOCHS} --folds 2 --learning_rate 0.05 "
    "--seed 7 --target_confidence 0.5 --target_precision 0.6 --weight_decay 0.0005 "
    "--width 4"
).split()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few photos: bits are compared here, whatever the networks learn."""
    folder = tmp_path_factory.mktemp("data")
    write_archive(folder / "cifar-100-python.tar.gz", ("bicycle", "motorcycle"), train_per_class=20, test_per_class=2)
    prepare.main(
        ["--archive", str(folder), "--output", str(folder), "--classes", "bicycle,motorcycle", "--others", "9"]
    )
    return folder


def variables(data: Path, model: Path) -> dict[str, str]:
    """What the training toolkit sets."""
    return {
        **{f"SM_CHANNEL_{name.upper()}": str(data / name) for name in ("train", "others", "manifest")},
        "SM_MODEL_DIR": str(model),
        "TRAINING_JOB_NAME": "job-1",
    }


def run(data: Path, model: Path, *options: str, threads: int = 1) -> int:
    """Runs the training job in this process, on so many cores; returns its exit status."""
    with cores(threads):
        return run_job(
            lambda: train.main([*HYPERPARAMETERS, *options], variables(data, model)),
            StepError,
            exit_message=model.parent / "no-folder/message",
        )


def start(data: Path, model: Path, *options: str) -> Job:
    """Starts the training job as a process, as the toolkit does."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "steps/train.py"), *HYPERPARAMETERS, *options],
        env={**os.environ, **variables(data, model), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def read_until(process: Job, words: str) -> None:
    """Reads what the job says up to a line that begins with these words, which must come."""
    assert process.stdout is not None
    assert any(line.startswith(words) for line in process.stdout)


@pytest.fixture(scope="module")
def undisturbed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of one process on one core."""
    model = tmp_path_factory.mktemp("undisturbed") / "model"
    assert run(data, model) == 0
    return model


def assert_same(model: Path, other: Path) -> None:
    """The same weights, bit for bit, and the same description."""
    assert load_classifier(model).info == load_classifier(other).info
    networks = zip(load_classifier(model).networks, load_classifier(other).networks, strict=True)
    for one, another in networks:
        for name, weight in one.state_dict().items():
            assert torch.equal(weight, another.state_dict()[name]), name


def test_more_cores_make_the_same_model(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    assert run(data, tmp_path / "model", threads=3) == 0
    assert_same(tmp_path / "model", undisturbed)


def test_sigterm_saves_and_the_next_run_goes_on(
    data: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoints = ("--checkpoints", str(tmp_path / "checkpoints"))
    process = start(data, tmp_path / "model", *checkpoints)
    read_until(process, "network-1 epoch=3 ")
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Interrupted after epoch" in rest
    assert not (tmp_path / "model").exists()
    assert run(data, tmp_path / "model", *checkpoints) == 0
    output = capsys.readouterr().out
    assert "network-1 goes on after epoch" in output
    assert "network-1 epoch=3 " not in output
    assert_same(tmp_path / "model", undisturbed)


def test_a_kill_loses_a_few_epochs_only(
    data: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoints = ("--checkpoints", str(tmp_path / "checkpoints"))
    process = start(data, tmp_path / "model", *checkpoints)
    read_until(process, f"network-1 epoch={CHECKPOINT_EPOCHS + 1} ")
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert run(data, tmp_path / "model", *checkpoints) == 0
    output = capsys.readouterr().out
    assert "network-1 goes on after epoch" in output
    assert f"network-1 epoch={CHECKPOINT_EPOCHS} " not in output
    assert_same(tmp_path / "model", undisturbed)


def test_a_network_that_fails_stops_the_others(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, tmp_path / "model", "--learning_rate", "1e30", threads=3) == 1
    assert "Lower training.learning_rate" in capsys.readouterr().err
    assert not (tmp_path / "model").exists()


def test_probabilities_are_those_of_all_networks(undisturbed: Path) -> None:
    classifier = load_classifier(undisturbed)
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    assert len(classifier.networks) == 2
    answer = classifier.answer(images)
    assert answer.other is not None
    assert answer.probabilities.sum(axis=1) + answer.other == pytest.approx(np.ones(4))
