"""`scones run` with a local AWS of its own: it ends well or tells what went wrong, and the next run works."""

import subprocess
from pathlib import Path

import psutil
import pytest
from end_to_end.support import MARKS, Scones, make_scones

pytestmark = MARKS

CONFIGURATION = """\
training: {epochs: 20}
registry: {approval: Approved}
quality_gate: {minimum_accuracy: 0.45, minimum_robust_accuracy: 0.0, maximum_others_decided: 1.0}
endpoint: {timeout_minutes: 10}
lambdas: {dependencies: runtime}
"""
MADE = [
    "definitions/batch.asl.json",
    "definitions/inference.asl.json",
    "definitions/monitoring.json",
    "definitions/training.json",
    "pictures/batch.svg",
    "pictures/execution.svg",
    "pictures/workflow.svg",
    "reports/decision.html",
    "reports/monitoring.html",
    "summary.json",
]


def training_processes(scones: Scones) -> list[psutil.Process]:
    return [process for process in scones.processes() if "steps/train.py" in " ".join(process.info["cmdline"])]


@pytest.fixture
def scones(tmp_path: Path) -> Scones:
    return make_scones(tmp_path)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Scones:
    scones = make_scones(tmp_path_factory.mktemp("alone"))
    scones.configure("local", CONFIGURATION)
    return scones


@pytest.fixture(scope="module")
def killed(alone: Scones, archive: Path) -> "subprocess.CompletedProcess[str]":
    """A run whose training was killed."""
    run = alone.start("run", "--data", str(archive))
    alone.wait_for(lambda: training_processes(alone) or run.poll() is not None)
    for process in training_processes(alone):
        process.kill()
    output, errors = run.communicate(timeout=300)
    return subprocess.CompletedProcess(run.args, run.returncode, output, errors)


def test_a_killed_training_fails_the_run_with_the_reason(
    alone: Scones, killed: "subprocess.CompletedProcess[str]"
) -> None:
    assert killed.returncode == 6, killed.stdout + killed.stderr
    assert "the step TrainModel failed" in killed.stderr
    assert "killed" in killed.stderr.lower() or "-9" in killed.stderr or "137" in killed.stderr
    assert alone.processes() == []


def test_the_next_run_ends_well_and_leaves_no_process(
    alone: Scones, killed: "subprocess.CompletedProcess[str]", archive: Path
) -> None:
    ran = alone("run", "--data", str(archive))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [name for name in MADE if not (alone.build / name).is_file()] == []
    summary = alone.summary()
    assert summary["accuracy"] > 0.45
    assert summary["synthetic"] is True
    assert summary["model_package_status"] == "Approved"
    assert {outcome["status"] for outcome in summary["workflow"]} == {"SUCCEEDED"}
    assert summary["captured"] == len(summary["workflow"]) == 6
    assert alone.processes() == []


def test_a_later_command_finds_what_the_run_made(
    alone: Scones, killed: "subprocess.CompletedProcess[str]", archive: Path
) -> None:
    before = alone.build / "local" / "memory" / "snapshot"
    assert before.is_file()
    uploaded = alone.here("data", "upload", "--data", str(archive))  # into the bucket that the run made
    assert uploaded.returncode == 0, uploaded.stderr
    assert uploaded.stdout.startswith("s3://scones-unlimited-local-")
    assert alone.processes() == []
    listed = alone.here("registry", "list")
    assert listed.returncode == 9
    assert "with all that was made there before" in listed.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no archive", "is not a whole .tar.gz file"), (None, "There is no archive at")],
)
def test_a_wrong_archive_is_told_before_anything_starts(
    scones: Scones, tmp_path: Path, content: bytes | None, words: str
) -> None:
    archive = tmp_path / "cifar-100-python.tar.gz"
    if content is not None:
        archive.write_bytes(content)
    ran = scones.here("run", "--data", str(archive))
    assert ran.returncode == 4, ran.stdout + ran.stderr
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not scones.build.exists()


def test_an_impossible_setting_is_told_before_anything_starts(scones: Scones) -> None:
    scones.configure("local", "training: {epochs: 0}")
    ran = scones.here("run")
    assert ran.returncode == 3
    assert "training.epochs: 0 is not allowed" in ran.stderr
    assert not scones.build.exists()
