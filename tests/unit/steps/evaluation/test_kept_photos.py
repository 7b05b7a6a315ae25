"""The photos that are kept with a version: which they are, and what the file says."""

import base64
import hashlib
import io
import json
from dataclasses import replace

import numpy as np
from PIL import Image

from steps.arrays import Labels, Probabilities
from steps.classifier.scoring import Latency, Scored
from steps.dataset.files import Dataset
from steps.evaluation.kept_photos import chosen, kept_photos

LABELS = np.array([0, 0, 0, 1, 1])
PROBABILITIES = np.array([[0.6, 0.1], [0.9, 0.0], [0.1, 0.9], [0.2, 0.8], [0.3, 0.3]])
OTHER = np.array([0.3, 0.1, 0.0, 0.0, 0.4])


def dataset(labels: Labels) -> Dataset:
    images = np.random.default_rng(1).integers(0, 256, (len(labels), 32, 32, 3), np.uint8)
    return Dataset(images, labels, np.array([f"{index}.png" for index in range(len(labels))]))


def scored(probabilities: Probabilities) -> Scored:
    latency = Latency(2.0, 3.0, 100)
    return Scored("job-1", ("bicycle", "motorcycle"), 0.7, probabilities, "abc", 500_000, latency, probabilities, OTHER)


def test_of_each_class_in_turn_the_surest_first() -> None:
    assert chosen(LABELS, PROBABILITIES) == [1, 3, 2, 4, 0]


def test_of_many_photos_twenty() -> None:
    labels = np.repeat([0, 1], 30)
    rows = chosen(labels, np.tile([[0.7, 0.3]], (60, 1)))
    assert (len(rows), set(labels[rows[:2]])) == (20, {0, 1})
    assert sorted(labels[rows]) == [0] * 10 + [1] * 10


def test_of_many_classes_one_each() -> None:
    rows = chosen(np.repeat(np.arange(30), 2), np.full((60, 30), 1 / 30))
    assert rows == list(range(0, 60, 2))


def test_the_file_is_named_by_what_it_holds() -> None:
    test = dataset(LABELS)
    kept = kept_photos(test, scored(PROBABILITIES))
    assert kept.name == f"kept-photos-{hashlib.sha256(kept.content).hexdigest()}.json"
    assert kept == kept_photos(test, scored(PROBABILITIES))
    document = json.loads(kept.content)
    assert (document["model_version"], document["labels"]) == ("job-1", ["bicycle", "motorcycle"])
    first = document["photos"][0]
    assert (first["probabilities"], first["other"]) == ([0.9, 0.0], 0.1)
    with Image.open(io.BytesIO(base64.b64decode(first["photo"]))) as image:
        assert np.array_equal(np.asarray(image), test.images[1])


def test_a_model_that_knows_no_other_things() -> None:
    kept = kept_photos(dataset(LABELS), replace(scored(PROBABILITIES), other=None))
    assert {each["other"] for each in json.loads(kept.content)["photos"]} == {None}
