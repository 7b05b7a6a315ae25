"""Training interrupted, shared by processes, or on another number of cores: always the same model."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from steps import prepare
from steps.classifier.classifier import load_classifier

ROOT = Path(__file__).parents[4]
LAUNCH = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node")


@pytest.fixture(scope="module")
def data(generated_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    classes = "bicycle,motorcycle"
    prepare.main(["--archive", str(generated_archive.parent), "--output", str(folder), "--classes", classes])
    return folder


def start(
    data: Path, model: Path, *options: str, launcher: tuple[str, ...] = (sys.executable,), threads: int = 1
) -> "subprocess.Popen[str]":
    """The training job as the toolkit starts it."""
    arguments = (
        "--batch_size 32 --code_digest c --epochs 24 --fold_epochs 24 --folds 2 --learning_rate 0.05 --networks 1 "
        "--others_weight 0 --seed 7 --target_confidence 0.5 --target_precision 0.6 --weight_decay 0.0005 --width 4"
    )
    variables = {
        "SM_CHANNEL_TRAIN": str(data / "train"),
        "SM_CHANNEL_MANIFEST": str(data / "manifest"),
        "SM_MODEL_DIR": str(model),
        "TRAINING_JOB_NAME": "job-1",
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": str(threads),
    }
    command = [*launcher, str(ROOT / "steps/train.py"), *arguments.split(), *options]
    return subprocess.Popen(
        command, env={**os.environ, **variables}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def finish(process: "subprocess.Popen[str]") -> str:
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    return output


def read_until(process: "subprocess.Popen[str]", words: str) -> None:
    """Reads what the job says up to a line that begins with these words, which must come."""
    assert process.stdout is not None
    assert any(line.startswith(words) for line in process.stdout)


@pytest.fixture(scope="module")
def undisturbed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of one process on one core."""
    model = tmp_path_factory.mktemp("undisturbed")
    finish(start(data, model))
    return model


def assert_same(model: Path, other: Path) -> None:
    """The same weights, bit for bit, and the same description."""
    assert load_classifier(model).info == load_classifier(other).info
    networks = zip(load_classifier(model).networks, load_classifier(other).networks, strict=True)
    for one, another in networks:
        for name, weight in one.state_dict().items():
            assert torch.equal(weight, another.state_dict()[name]), name


def test_more_cores_make_the_same_model(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    finish(start(data, tmp_path / "model", threads=3))
    assert_same(tmp_path / "model", undisturbed)


def test_two_processes_make_the_same_model(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    output = finish(start(data, tmp_path / "model", launcher=(*LAUNCH, "2")))
    assert output.count("final validation_accuracy") == 1
    assert_same(tmp_path / "model", undisturbed)


def test_sigterm_saves_and_the_next_run_goes_on(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    checkpoints = ("--checkpoints", str(tmp_path / "checkpoints"))
    process = start(data, tmp_path / "model", *checkpoints)
    read_until(process, "fold-1 epoch=3 ")
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Interrupted after epoch" in rest
    assert not (tmp_path / "model").exists()
    output = finish(start(data, tmp_path / "model", *checkpoints))
    assert "fold-1 goes on after epoch" in output
    assert "fold-1 epoch=3 " not in output
    assert_same(tmp_path / "model", undisturbed)


def test_a_kill_loses_a_few_epochs_only(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    checkpoints = ("--checkpoints", str(tmp_path / "checkpoints"))
    process = start(data, tmp_path / "model", *checkpoints)
    read_until(process, "fold-2 epoch=15 ")
    process.kill()
    process.communicate(timeout=60)
    output = finish(start(data, tmp_path / "model", *checkpoints))
    assert "fold-2 goes on after epoch 10" in output
    assert_same(tmp_path / "model", undisturbed)


def test_a_network_that_fails_stops_the_others(data: Path, tmp_path: Path) -> None:
    process = start(data, tmp_path / "model", "--learning_rate", "1e30", threads=3)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Lower training.learning_rate" in output
    assert not (tmp_path / "model").exists()


def test_probabilities_are_those_of_all_networks(undisturbed: Path) -> None:
    classifier = load_classifier(undisturbed)
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    assert len(classifier.networks) == 1
    assert classifier.probabilities(images).sum(axis=1) == pytest.approx(np.ones(4))
