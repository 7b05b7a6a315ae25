"""Training: repeatable, honest about what is wrong, and whole from archive to endpoint."""

import json
import os
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from steps import evaluate, prepare, train
from steps.classifier.classifier import load_classifier
from steps.dataset.files import Manifest
from steps.errors import DatasetError, ModelError, TrainingError
from steps.evaluation import robustness


@pytest.fixture(autouse=True)
def few_changed_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scoring hundreds of photos in each way would take most of the time."""
    monkeypatch.setattr(robustness, "MOST_PHOTOS", 4)


def environment(data: Path, model: Path) -> dict[str, str]:
    """What the training toolkit sets."""
    channels = {f"SM_CHANNEL_{name.upper()}": str(data / name) for name in ("train", "others", "manifest")}
    return channels | {"SM_MODEL_DIR": str(model), "TRAINING_JOB_NAME": "job-1"}


def hyperparameters(epochs: int, width: int = 8) -> list[str]:
    """Arguments as the toolkit passes them: sorted, names as they are."""
    return [
        "--batch_size", "32", "--code_digest", "0123456789abcdef", "--epochs", str(epochs),
        "--folds", "2", "--learning_rate", "0.05", "--seed", "7",
        "--target_confidence", "0.5", "--target_precision", "0.6", "--weight_decay", "0.0005", "--width", str(width),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["SM_CHANNEL_TRAIN", "SM_CHANNEL_OTHERS", "SM_CHANNEL_MANIFEST", "SM_MODEL_DIR", "TRAINING_JOB_NAME"]
)
def test_missing_variable(tmp_path: Path, name: str) -> None:
    variables = environment(tmp_path, tmp_path / "model")
    del variables[name]
    with pytest.raises(TrainingError, match=f"environment variable {name} is not set"):
        train.main(hyperparameters(1), variables)


def test_missing_channel(tmp_path: Path, manifest: Manifest) -> None:
    (tmp_path / "manifest").mkdir()
    manifest.save(tmp_path / "manifest/manifest.json")
    with pytest.raises(DatasetError, match=r"train/data.npz"):
        train.main(hyperparameters(1), environment(tmp_path, tmp_path / "model"))
    assert not (tmp_path / "model").exists()


def prepare_data(archive: Path, output: Path, classes: str = "bicycle,motorcycle") -> None:
    prepare.main(["--archive", str(archive.parent), "--output", str(output), "--classes", classes, "--others", "50"])


def pack_model(folder: Path, archive: Path) -> None:
    """What SageMaker does when a training job ends."""
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, ".")


def evaluation_arguments(root: Path, minimum_accuracy: str = "0.6") -> list[str]:
    """EvaluateModel as the pipeline starts it."""
    return [
        "--model", str(root), "--test", str(root / "data/test"), "--manifest", str(root / "data/manifest"),
        "--others-test", str(root / "data/others_test"),
        "--output", str(root / "out"), "--minimum-accuracy", minimum_accuracy, "--minimum-coverage", "0.1",
        "--champion", str(root / "champion"), "--maximum-regression", "0.02",
        "--minimum-robust-accuracy", "0", "--maximum-others-decided", "1",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def trained(generated_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data/`, `model/` and `model.tar.gz` after one epoch."""
    root = tmp_path_factory.mktemp("trained")
    prepare_data(generated_archive, root / "data")
    train.main(hyperparameters(1, width=4), environment(root / "data", root / "model"))
    pack_model(root / "model", root / "model.tar.gz")
    return root


def test_model_folder(trained: Path) -> None:
    info = load_classifier(trained / "model").info
    manifest = json.loads((trained / "data/manifest/manifest.json").read_text())
    assert (info.model_version, info.code_digest, info.synthetic) == ("job-1", "0123456789abcdef", True)
    assert info.data_digest == manifest["data_digest"]
    assert 0.5 <= info.threshold <= 1
    assert (info.networks, info.validation["images"]) == (2, 120)


def in_production(trained: Path, root: Path) -> Path:
    """A folder in which the model is to be evaluated; returns the path of the champion's archive in it."""
    for name in ("data", "model.tar.gz"):
        (root / name).symlink_to(trained / name)
    (root / "champion").mkdir()
    return root / "champion/model.tar.gz"


def test_evaluation_writes_everything(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(trained / "model.tar.gz", in_production(trained, tmp_path))
    evaluate.main(evaluation_arguments(tmp_path, minimum_accuracy="1.0"))
    assert "FAILED: accuracy " in capsys.readouterr().out  # a failed gate is no error
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    figures = {f"figures/{name}.png" for name in ("confusion_matrix", "risk_coverage", "reliability", "roc")}
    evaluation = json.loads((tmp_path / "out/evaluation.json").read_text())
    written = {"answers.json", "evaluation.json", "model_quality.json", "decision.html", evaluation["kept_photos"]}
    assert files == written | figures
    assert evaluation["test_images"] == 40
    assert evaluation["gates"][0]["passed"] is (evaluation["accuracy"] >= 1)
    assert evaluation["champion"]["same_model"] is True
    assert evaluation["champion"]["latency"] == evaluation["latency"]  # scored once
    assert "is the one that production serves, byte for byte" in (tmp_path / "out/decision.html").read_text()


def test_evaluation_against_the_model_in_production(trained: Path, tmp_path: Path) -> None:
    os.utime(trained / "model/model.json", (1, 1))  # another archive then, of the same weights
    pack_model(trained / "model", in_production(trained, tmp_path))
    evaluate.main(evaluation_arguments(tmp_path))
    evaluation = json.loads((tmp_path / "out/evaluation.json").read_text())
    assert evaluation["champion"]["same_model"] is False
    assert evaluation["champion"]["measurements"]["accuracy"] == evaluation["accuracy"]
    assert evaluation["champion"]["comparison"]["p_value"] == 1.0
    assert evaluation["champion_floor"] == pytest.approx(evaluation["accuracy"] - 0.02)


def test_a_champion_that_cannot_be_run_stops_the_job(trained: Path, tmp_path: Path) -> None:
    in_production(trained, tmp_path).write_bytes(b"no archive")
    with pytest.raises(ModelError, match="champion"):
        evaluate.main(evaluation_arguments(tmp_path))
    assert not (tmp_path / "out").exists()


def test_model_of_other_classes(trained: Path, generated_archive: Path, tmp_path: Path) -> None:
    prepare_data(generated_archive, tmp_path / "data", "motorcycle,bicycle")
    (tmp_path / "model.tar.gz").write_bytes((trained / "model.tar.gz").read_bytes())
    with pytest.raises(ModelError, match="The model knows"):
        evaluate.main(evaluation_arguments(tmp_path))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_learns(generated_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare_data(generated_archive, tmp_path / "data")
    train.main(hyperparameters(30), environment(tmp_path / "data", tmp_path / "model"))
    lines = capsys.readouterr().out.splitlines()
    epoch = re.compile(r"network-[12] epoch=\d+ train_loss=\d+\.\d{4}")
    assert len([line for line in lines if epoch.fullmatch(line)]) == 60
    names = ("validation_accuracy", "validation_loss", "temperature", "threshold", "coverage")
    assert re.fullmatch("final " + " ".join(rf"{name}=\d+\.\d{{4}}" for name in names), lines[-1])
    pack_model(tmp_path / "model", tmp_path / "model.tar.gz")
    evaluate.main(evaluation_arguments(tmp_path))
    evaluation = json.loads((tmp_path / "out/evaluation.json").read_text())
    assert evaluation["accuracy"] > 0.65  # from 120 photos, where guessing gives 0.5
    assert evaluation["synthetic"] is True


@pytest.mark.slow
def test_real_photos(real_archive: Path, tmp_path: Path) -> None:
    prepare_data(real_archive, tmp_path / "data")
    train.main(hyperparameters(6), environment(tmp_path / "data", tmp_path / "model"))
    pack_model(tmp_path / "model", tmp_path / "model.tar.gz")
    evaluate.main(evaluation_arguments(tmp_path))
    evaluation = json.loads((tmp_path / "out/evaluation.json").read_text())
    assert evaluation["accuracy"] > 0.7  # after six epochs, where guessing gives 0.5
    assert evaluation["synthetic"] is False
