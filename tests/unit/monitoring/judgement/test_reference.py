"""The file of the reference, and the order of what is drawn from a window."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import InvalidBaselineError, InvalidTrainingImagesError
from monitoring.features.training_images import Labelled
from monitoring.judgement.learning import learn
from monitoring.judgement.reference import REFERENCE, Reference, read_reference
from monitoring.judgement.window import sampled


def test_what_is_written_is_read(reference: Reference, traffic: Labelled, tmp_path: Path) -> None:
    reference.save(tmp_path / REFERENCE)
    again = read_reference(tmp_path)
    assert again is not None
    assert (again.classes, again.causes, again.plain) == (reference.classes, reference.causes, reference.plain)
    numbers = reference.numbers(traffic.images[:9])
    assert np.array_equal(again.traits(again.numbers(traffic.images[:9])), reference.traits(numbers))


def test_the_looks_of_most_photos_tell_their_class(reference: Reference, traffic: Labelled) -> None:
    looks = reference.looks_like(reference.traits(reference.numbers(traffic.images)))
    assert (looks == traffic.labels).mean() > 0.6
    assert np.diag(reference.recognised).min() > 0.55


def test_a_folder_without_one(tmp_path: Path) -> None:
    assert read_reference(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_file_that_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / REFERENCE).write_bytes(content)
    with pytest.raises(InvalidBaselineError, match="no reference of good photos"):
        read_reference(tmp_path)


def test_a_file_of_another_version(tmp_path: Path) -> None:
    np.savez(tmp_path / REFERENCE, format=np.array(0))
    with pytest.raises(InvalidBaselineError, match="make the baseline again"):
        read_reference(tmp_path)


def test_few_photos_make_no_reference(traffic: Labelled) -> None:
    with pytest.raises(InvalidTrainingImagesError, match="at least 40"):
        learn(traffic.images[:39], traffic.labels[:39], traffic.classes)


def test_a_sample_does_not_depend_on_what_came_with_it() -> None:
    rows = pd.DataFrame({"event_id": [f"event-{number}" for number in range(50)], "position": 0})
    chosen = sampled(rows, 10)
    assert list(chosen.index) == sorted(chosen.index)
    assert (
        sampled(rows.loc[[*chosen.index, *range(5)]].drop_duplicates(), 10)["event_id"].isin(chosen["event_id"]).all()
    )
