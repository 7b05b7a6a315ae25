"""The reference: its file, and the distances of photos from its mean."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from unit.monitoring.judgement.made_up import REFERENCE

from monitoring.appearance.appearance import appearance
from monitoring.errors import InvalidBaselineError
from monitoring.features.training_images import Labelled
from monitoring.judgement.reference import REFERENCE as FILE
from monitoring.judgement.reference import Reference, distances, read_reference, standardised


def test_what_is_written_is_read(tmp_path: Path) -> None:
    saved = replace(REFERENCE, examples=np.full((2, 32, 32, 3), 7, np.uint8), eye=np.array([200, 0.08, 0.97]))
    saved.save(tmp_path / FILE)
    again = read_reference(tmp_path)
    assert again is not None
    for each in fields(Reference):
        written, read = getattr(saved, each.name), getattr(again, each.name)
        assert type(written) is type(read)
        assert np.array_equal(written, read)


def test_baselines_of_earlier_releases_lack_examples_and_what_the_model_sees(tmp_path: Path) -> None:
    path = tmp_path / FILE
    REFERENCE.save(path)
    with np.load(path) as arrays:
        old = {name: arrays[name] for name in arrays if name not in ("examples", "eye")}
    np.savez_compressed(path, **old)
    found = read_reference(tmp_path)
    assert found is not None
    assert (found.examples.shape, found.eye.shape) == ((0, 32, 32, 3), (0,))


def test_numbers_of_photos_are_standardised() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    plain, fine = appearance(pixels)
    count = plain.shape[1] + fine.shape[1]
    known = replace(REFERENCE, centre=np.full(count, 0.5), scale=np.full(count, 2.0))
    assert known.numbers(pixels) == pytest.approx((np.concatenate([plain, fine], axis=1) - 0.5) / 2)


def test_the_looks_of_most_photos_tell_their_class(reference: Reference, traffic: Labelled) -> None:
    looks = reference.looks_like(reference.traits(reference.numbers(traffic.images)))
    assert (looks == traffic.labels).mean() > 0.6
    assert np.diag(reference.recognised).min() > 0.55


def test_a_folder_without_one(tmp_path: Path) -> None:
    assert read_reference(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_file_that_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(
        InvalidBaselineError, match="no reference of good photos; make it again with `scones monitor baseline`"
    ):
        read_reference(tmp_path)


def test_a_file_of_another_version(tmp_path: Path) -> None:
    np.savez(tmp_path / FILE, format=np.array(0))
    with pytest.raises(InvalidBaselineError, match="make the baseline again"):
        read_reference(tmp_path)


def test_numbers_are_in_standard_deviations_up_to_eight() -> None:
    numbers = standardised(np.array([[3.0, 100.0, -100.0]]), np.array([1.0, 0.0, 0.0]), np.array([4.0, 10.0, 10.0]))
    assert numbers.tolist() == [[0.5, 8.0, -8.0]]


def test_distances_from_the_mean() -> None:
    """Variances of 1 and 3, and 0.01 that steadies each."""
    found = distances(np.array([[1.0, 2.0], [2.0, 5.0]]), np.array([1.0, 2.0]), np.diag([1.0, 3.0]))
    assert found == pytest.approx([0, 1 / 1.01 + 9 / 3.01])
