"""What goes wrong is told, with an exit code of its own, and the next run works."""

from pathlib import Path

import psutil
import pytest
from end_to_end.support import Scones

pytestmark = pytest.mark.slow


def training_processes(scones: Scones) -> list[psutil.Process]:
    return [process for process in scones.processes() if "steps/train.py" in " ".join(process.info["cmdline"])]


def test_a_killed_training_fails_the_run_with_the_reason_and_the_next_run_works(scones: Scones, archive: Path) -> None:
    run = scones.start("run", "--data", str(archive))
    scones.wait_for(lambda: training_processes(scones))
    for process in training_processes(scones):
        process.kill()
    output, errors = run.communicate(timeout=60)
    assert run.returncode == 6, output + errors
    assert "the step TrainModel failed" in errors
    assert "killed" in errors.lower() or "-9" in errors or "137" in errors
    assert scones.processes() == []
    again = scones("run", "--data", str(archive))
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_model_that_is_not_good_enough_is_not_registered(scones: Scones, archive: Path) -> None:
    scones.configure("local", "quality_gate: {minimum_accuracy: 1.0}\nlambdas: {dependencies: runtime}\n")
    ran = scones("run", "--data", str(archive))
    assert ran.returncode == 7, ran.stdout + ran.stderr
    assert "not good enough to be registered: accuracy 0." in ran.stderr
    assert (scones.build / "reports" / "decision.html").is_file()


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
    ran = scones("run", "--data", str(archive))
    assert ran.returncode == 4, ran.stdout + ran.stderr
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (scones.build / "definitions").exists()


def test_an_impossible_setting_is_told_before_anything_starts(scones: Scones) -> None:
    scones.configure("local", "training: {epochs: 0}")
    ran = scones("run")
    assert ran.returncode == 3
    assert "training.epochs: 0 is not allowed" in ran.stderr
    assert not scones.build.exists()
