"""Statistics and constraints of the training images."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from steps import describe
from steps.arrays import Images
from steps.baseline import constraints, features, statistics
from steps.dataset.files import Dataset, Manifest
from steps.errors import DatasetError

CLASSES = ("bicycle", "motorcycle")


@pytest.fixture
def grey() -> Dataset:
    """Two even photos, black and white, and one of black and white halves."""
    images = np.zeros((3, 32, 32, 3), dtype=np.uint8)
    images[1], images[2, :16] = 255, 255
    return Dataset(images, np.array([0, 1, 1]), np.array(["a.png", "b.png", "c.png"]))


def test_the_features_of_an_image(grey: Dataset) -> None:
    found = features(grey, CLASSES)
    assert found["brightness"].tolist() == [0.0, 1.0, 0.5]
    assert found["contrast"].tolist() == [0.0, 0.0, 0.5]
    assert found["saturation"].tolist() == [0.0, 0.0, 0.0]
    assert found["sharpness"].tolist() == [0.0, 0.0, pytest.approx(1 / 62)]  # one of 31 pairs of rows differs
    assert found["predicted"].tolist() == ["bicycle", "motorcycle", "motorcycle"]


def test_statistics_have_model_monitors_shape(grey: Dataset) -> None:
    found = json.loads(json.dumps(statistics(features(grey, CLASSES)), allow_nan=False))
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


def test_constraints_have_model_monitors_shape(grey: Dataset) -> None:
    found = constraints(features(grey, CLASSES))
    by_name = {each["name"]: each for each in found["features"]}
    assert by_name["contrast"]["num_constraints"] == {"is_non_negative": True}
    assert by_name["predicted"]["string_constraints"] == {"domains": list(CLASSES)}
    assert all(each["completeness"] == 1.0 for each in found["features"])
    assert found["monitoring_config"]["distribution_constraints"]["comparison_threshold"] == 0.1


def test_monitoring_computes_the_same_features_of_the_same_images(images: Images, dataset: Dataset) -> None:
    from monitoring.features import images as captured
    from monitoring.statistics.statistics import CATEGORICAL, IMAGE

    found = features(dataset, CLASSES)
    assert {*found} - {*CATEGORICAL} == {*IMAGE}
    for row, image in enumerate(images):
        content = io.BytesIO()
        Image.fromarray(image).save(content, "PNG")
        facts = captured.facts(content.getvalue())
        assert {name: found[name][row] for name in IMAGE} == {name: getattr(facts, name) for name in IMAGE}


def test_the_job_writes_both_files_or_none(tmp_path: Path, dataset: Dataset, manifest: Manifest) -> None:
    dataset.save(tmp_path / "train" / "data.npz")
    manifest.save(tmp_path / "manifest" / "manifest.json")
    arguments = ["--train", str(tmp_path / "train"), "--manifest", str(tmp_path / "manifest")]
    describe.main([*arguments, "--output", str(tmp_path / "out")])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["constraints.json", "statistics.json"]
    (tmp_path / "train" / "data.npz").write_bytes(b"none")
    with pytest.raises(DatasetError):
        describe.main([*arguments, "--output", str(tmp_path / "other")])
    assert not (tmp_path / "other").exists()
