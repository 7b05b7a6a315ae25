"""The drift baseline that the step DescribeData makes of the training images."""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from monitoring import suggest_baseline
from monitoring.captures.evaluated import read_answers
from monitoring.drift import baseline
from monitoring.errors import InvalidAnswersError, InvalidTrainingImagesError
from monitoring.features.images import facts, see
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.features.training_images import read_images, read_training_images
from monitoring.judgement.learning import FEWEST
from monitoring.judgement.reference import REFERENCE, read_reference
from monitoring.statistics.statistics import CATEGORICAL
from steps.dataset.files import Dataset, Manifest

CLASSES = ("bicycle", "motorcycle")
NO_ANSWERS = pd.DataFrame()
ANSWER = {"labels": CLASSES, "threshold": 0.8, "model_version": "job-1", "synthetic": False}


def write(folder: Path, dataset: Dataset, others: int = 0) -> tuple[Path, Path]:
    """The folders that PrepareData writes; returns those of the training images and of their manifest.

    Photos of other things are the first training images.
    """
    manifest = Manifest(CLASSES, 32, {"train": dataset.counts(CLASSES)}, "0", "0", synthetic=True, checksum="unknown")
    dataset.save(folder / "train" / "data.npz")
    manifest.save(folder / "manifest" / "manifest.json")
    Dataset(dataset.images[:others], dataset.labels[:others], dataset.names[:others]).save(folder / "others/data.npz")
    return folder / "train", folder / "manifest"


def write_answers(folder: Path, rows: list[list[float]], other: list[float] | None, **more: object) -> Path:
    """The folder that EvaluateModel writes, with answers to test photos."""
    folder.mkdir(exist_ok=True)
    (folder / "answers.json").write_text(json.dumps({**ANSWER, "probabilities": rows, "other": other, **more}))
    return folder


@pytest.fixture
def grey(tmp_path: Path) -> pd.DataFrame:
    """Features of two even photos, black and white, and of one of black and white halves."""
    images = np.zeros((3, 32, 32, 3), dtype=np.uint8)
    images[1], images[2, :16] = 255, 255
    dataset = Dataset(images, np.array([0, 1, 1]), np.array(["a.png", "b.png", "c.png"]))
    return read_training_images(*write(tmp_path, dataset)).features


def random(count: int) -> Dataset:
    """Images of random pixels."""
    images = np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    return Dataset(images, np.arange(count) % 2, np.array([f"{index}.png" for index in range(count)]))


@pytest.fixture
def noise() -> Dataset:
    """Eight images of random pixels, too few for a reference."""
    return random(8)


def arguments_in(folder: Path) -> list[str]:
    """The job's arguments, with answers and the folders of `write`."""
    turned = [[0.01, 0.02, 0.03], [0.9, 0.09, 0.1]]  # of six turns, four are seen
    write_answers(folder / "evaluation", [[0.9, 0.1], [0.1, 0.2]], [0.0, 0.7], upright=[0.94, 0.05], turned=turned)
    folders = {"train": "train", "manifest": "manifest", "others": "others", "answers": "evaluation", "output": "out"}
    return [part for name, place in folders.items() for part in (f"--{name}", str(folder / place))]


def test_the_features_of_an_image(grey: pd.DataFrame) -> None:
    assert grey["brightness"].tolist() == [0.0, 1.0, 0.5]
    assert grey["contrast"].tolist() == [0.0, 0.0, 0.5]
    assert grey["saturation"].tolist() == [0.0, 0.0, 0.0]
    assert grey["sharpness"].tolist() == [0.0, 0.0, pytest.approx(1 / 62)]  # one of 31 pairs of rows differs
    assert grey["predicted"].tolist() == ["bicycle", "motorcycle", "motorcycle"]


def test_statistics_have_model_monitors_shape(grey: pd.DataFrame) -> None:
    found = json.loads(json.dumps(baseline.suggest_baseline(grey, NO_ANSWERS).statistics.to_json(), allow_nan=False))
    assert found["dataset"] == {"item_count": 3}
    by_name = {each["name"]: each for each in found["features"]}
    brightness = by_name["brightness"]["numerical_statistics"]
    assert brightness["common"] == {"num_present": 3, "num_missing": 0}
    assert (brightness["mean"], brightness["min"], brightness["max"]) == (0.5, 0.0, 1.0)
    assert sum(each["count"] for each in brightness["distribution"]["kll"]["buckets"]) == 3
    predicted = by_name["predicted"]["string_statistics"]
    assert predicted["distribution"]["categorical"]["buckets"] == [
        {"value": "bicycle", "count": 1}, {"value": "motorcycle", "count": 2},
    ]  # fmt: skip


def test_constraints_have_model_monitors_shape(grey: pd.DataFrame) -> None:
    found = baseline.suggest_baseline(grey, NO_ANSWERS).constraints.to_json()
    by_name = {each["name"]: each for each in found["features"]}
    assert by_name["contrast"]["num_constraints"] == {"is_non_negative": True}
    assert by_name["predicted"]["string_constraints"] == {"domains": CLASSES}
    assert all(each["completeness"] == 1.0 for each in found["features"])
    assert found["monitoring_config"]["distribution_constraints"]["comparison_threshold"] == 0.1


def test_a_column_with_negative_and_missing_numbers_is_constrained_as_it_is() -> None:
    found = (
        baseline.suggest_baseline(pd.DataFrame({"change": [-1.0, 2.0, None, 3.0]}), NO_ANSWERS)
        .constraints.features[0]
        .to_json()
    )
    assert found == {
        "name": "change",
        "completeness": 0.75,
        "inferred_type": "Fractional",
        "num_constraints": {"is_non_negative": False},
    }


def test_a_training_image_has_the_features_of_the_same_photo_captured(tmp_path: Path, noise: Dataset) -> None:
    found = read_training_images(*write(tmp_path, noise)).features
    assert {*found} - {*CATEGORICAL} == {*IMAGE_FEATURES}
    for row, image in enumerate(noise.images):
        content = io.BytesIO()
        Image.fromarray(image).save(content, "PNG")
        captured = facts([see(content.getvalue())])
        assert {name: found[name][row] for name in IMAGE_FEATURES} == {
            name: getattr(captured, name) for name in IMAGE_FEATURES
        }


def test_the_job_writes_the_baseline_and_what_good_photos_look_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, manifest = write(tmp_path, random(FEWEST), others=FEWEST)
    suggest_baseline.main(arguments_in(tmp_path))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"constraints.json", "statistics.json", REFERENCE}
    assert capsys.readouterr().out == f"described {FEWEST} training images\n"
    assert baseline.read_baseline(tmp_path / "out") == baseline.suggest_baseline(
        read_training_images(train, manifest).features, read_answers(tmp_path / "evaluation")
    )
    reference = read_reference(tmp_path / "out")
    assert reference is not None
    assert (reference.photos, reference.classes) == (FEWEST, CLASSES)
    assert "other_things" in reference.causes
    assert reference.eye == pytest.approx([2, 1 / 2, 4 / 6])


def test_few_images_make_a_baseline_without_a_reference(
    tmp_path: Path, noise: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, noise)
    suggest_baseline.main(arguments_in(tmp_path))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"constraints.json", "statistics.json"}
    assert capsys.readouterr().out.startswith("described 8 training images, too few for a reference, which takes 40: ")


@pytest.mark.parametrize("folder", ["train", "others"])
def test_the_job_writes_nothing_where_images_cannot_be_read(tmp_path: Path, noise: Dataset, folder: str) -> None:
    write(tmp_path, noise)
    (tmp_path / folder / "data.npz").write_bytes(b"none")
    with pytest.raises(InvalidTrainingImagesError, match=f"{folder}'.* PrepareData's output"):
        suggest_baseline.main(arguments_in(tmp_path))
    assert not (tmp_path / "out").exists()


def test_other_things_that_are_no_photos_are_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", images=np.zeros((2, 16, 16, 3), np.uint8))
    with pytest.raises(InvalidTrainingImagesError, match="32 x 32"):
        read_images(tmp_path)


@pytest.mark.parametrize(
    ("rows", "other", "known"),
    [
        ([[0.9, 0.1], [0.1, 0.2], [0.5, 0.3]], [0.0, 0.7, 0.2], ["confidence", "other", "decision"]),
        ([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]], None, ["confidence", "decision"]),
    ],
)
def test_the_baseline_has_what_the_model_answered_to_the_test_photos(
    tmp_path: Path, grey: pd.DataFrame, rows: list[list[float]], other: list[float] | None, known: list[str]
) -> None:
    answers = read_answers(write_answers(tmp_path, rows, other))
    found = baseline.suggest_baseline(grey, answers)
    assert [each.name for each in found.statistics.features] == [*IMAGE_FEATURES, "predicted", *known]
    assert "confidence" not in {each.name for each in found.constraints.features}
    assert answers["confidence"].tolist() == [max(row) for row in rows]
    unsure = "not_a_known_vehicle" if other else "low_confidence"
    assert answers["decision"].tolist() == ["accepted", unsure, "low_confidence"]


def test_the_baseline_has_how_well_the_confidence_was_calibrated(tmp_path: Path) -> None:
    """Of the four photos two are right; that the model finds no vehicle in the last one is wrong, whatever it names."""
    rows, other = [[0.9, 0.1], [0.6, 0.4], [0.2, 0.75], [0.2, 0.1]], [0.0, 0.0, 0.05, 0.7]
    folder = write_answers(tmp_path, rows, other)
    content = json.loads((folder / "answers.json").read_text()) | {"right": [True, False, True, True]}
    (folder / "answers.json").write_text(json.dumps(content))
    answers = read_answers(folder)
    assert answers["right"].tolist() == [1, 0, 1, 0]
    assert answers["calibration_gap"].tolist() == pytest.approx([0.1, -0.6, 0.25, -0.7])
    (folder / "answers.json").write_text(json.dumps(content | {"right": [True]}))
    with pytest.raises(InvalidAnswersError, match="has 4 answers, and 1 in 'right'"):
        read_answers(folder)
    (folder / "answers.json").write_text(json.dumps(content | {"turned": [[0.1, 0.2, 0.3]]}))
    with pytest.raises(InvalidAnswersError, match="has 4 answers, and 1 in 'turned'"):
        read_answers(folder)


@pytest.mark.parametrize("content", ["{", "[]", '{"labels": ["a", "b"]}', None])
def test_answers_that_are_none_are_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "answers.json").write_text(content)
    with pytest.raises(InvalidAnswersError, match=r"answers\.json' is not EvaluateModel's output: "):
        read_answers(tmp_path)


@pytest.mark.parametrize("manifest", [None, "{", "{}", "[]", '{"classes": ["bicycle"]}'])
def test_a_broken_manifest_is_told(tmp_path: Path, noise: Dataset, manifest: str | None) -> None:
    folders = write(tmp_path, noise)
    path = folders[1] / "manifest.json"
    path.unlink()
    if manifest is not None:
        path.write_text(manifest)
    with pytest.raises(InvalidTrainingImagesError, match="are not PrepareData's output"):
        read_training_images(*folders)
