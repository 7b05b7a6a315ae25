"""A reference of few photos, measured against what it was made of."""

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pytest

from monitoring.appearance import changes
from monitoring.appearance.appearance import appearance
from monitoring.errors import InvalidTrainingImagesError
from monitoring.features.pixels import Pixels
from monitoring.judgement import learning
from monitoring.judgement.learning import clusters, learn
from monitoring.judgement.reference import Reference

COUNT = 44
CLASSES = ("bicycle", "motorcycle", "moped")


def patches(seed: int, count: int, side: int) -> Pixels:
    """Photos of square patches of random colours."""
    drawn = np.random.default_rng(seed).integers(30, 226, (count, 32 // side, 32 // side, 3))
    return drawn.repeat(side, 1).repeat(side, 2).astype(np.uint8)


PHOTOS = patches(0, COUNT, 4)
LABELS = np.array([0, 0, 1, 0] * 11)


def some_changes() -> Iterator[tuple[str, changes.Change]]:
    """Every twentieth change: each takes as long as all the rest of a reference."""
    return islice(changes.changes(), 0, None, 20)


def some_harmless_changes() -> Iterator[changes.Change]:
    """Every fourth harmless change."""
    return islice(changes.harmless_changes(), 0, None, 4)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning, "changes", some_changes)
        patch.setattr(learning, "harmless_changes", some_harmless_changes)
        yield


@pytest.fixture(scope="module")
def learnt(quick: None) -> Reference:
    return learn(PHOTOS, LABELS, CLASSES, patches(1, COUNT, 8))


def numbers(known: Reference, pixels: Pixels = PHOTOS) -> np.ndarray:
    return known.numbers(pixels)


def test_numbers_are_standardised_by_the_photos_themselves(learnt: Reference) -> None:
    raw = np.concatenate(appearance(PHOTOS), axis=1)
    assert learnt.centre == pytest.approx(raw.mean(axis=0), abs=1e-4)
    assert learnt.scale == pytest.approx(raw.std(axis=0) + 1e-3, abs=1e-4)
    assert learnt.plain == appearance(PHOTOS[:1])[0].shape[1]
    assert (learnt.photos, learnt.classes) == (COUNT, CLASSES)


def test_classes_and_their_shares(learnt: Reference) -> None:
    """A class without photos has a share of 0 and no mean of its own."""
    assert learnt.class_shares.tolist() == [0.75, 0.25, 0]
    assert learnt.recognised.sum(axis=1) == pytest.approx([1, 1, 0])
    assert learnt.class_shifts.shape == (2, len(learnt.mean))
    first = numbers(learnt)[LABELS == 0].mean(axis=0) - numbers(learnt).mean(axis=0)
    assert learnt.class_shifts[0, : learnt.plain] == pytest.approx(first[: learnt.plain], abs=1e-4)


def test_classes_that_look_different_are_recognised() -> None:
    dark_or_bright = np.where((LABELS == 0)[:, None, None, None], PHOTOS // 4, 255 - PHOTOS // 4)
    assert learn(dark_or_bright, LABELS, CLASSES[:2]).recognised.tolist() == [[1, 0], [0, 1]]


def test_a_class_may_have_one_photo() -> None:
    labels = np.array([0] * (COUNT - 1) + [1])
    assert learn(PHOTOS, labels, CLASSES).recognised.sum(axis=1).tolist() == [1, 1, 0]


def test_traits_are_plain_numbers_three_changes_other_things_and_the_classes(learnt: Reference) -> None:
    assert learnt.weights.shape == (3 + 1 + 3, len(learnt.centre))
    assert learnt.offsets.shape == (7,)
    assert learnt.mean.shape == (learnt.plain + 7,)
    assert learnt.covariance.shape == (learnt.plain + 7,) * 2
    plain = numbers(learnt)[:, : learnt.plain]
    assert learnt.mean[: learnt.plain] == pytest.approx(plain.mean(axis=0), abs=1e-5)
    assert np.diag(learnt.covariance)[: learnt.plain] == pytest.approx(plain.var(axis=0, ddof=1), abs=1e-4)


@pytest.mark.parametrize(("place", "change"), [(0, changes.sideways), (1, changes.upside_down), (2, changes.exchanged)])
def test_detectors_tell_changed_photos(place: int, change: Callable[[Pixels], Pixels], learnt: Reference) -> None:
    good, changed = (
        learnt.traits(numbers(learnt, pixels))[:, learnt.plain + place].mean() for pixels in (PHOTOS, change(PHOTOS))
    )
    assert good < changed


def test_shifts_are_what_changes_do_to_the_mean(learnt: Reference) -> None:
    named = list(some_changes())
    assert learnt.causes[: len(named)] == tuple(cause for cause, _ in named)
    for row in (0, 3, len(named) - 1):
        moved = numbers(learnt, named[row][1](PHOTOS)).mean(axis=0) - numbers(learnt).mean(axis=0)
        assert learnt.shifts[row, : learnt.plain] == pytest.approx(moved[: learnt.plain], abs=1e-4)
    harmless = list(some_harmless_changes())
    moved = numbers(learnt, harmless[2](PHOTOS)).mean(axis=0) - numbers(learnt).mean(axis=0)
    assert learnt.harmless[2, : learnt.plain] == pytest.approx(moved[: learnt.plain], abs=1e-4)
    assert len(learnt.harmless) == len(harmless)


def test_other_things_come_last_and_shift_the_mean_to_theirs(learnt: Reference) -> None:
    others = numbers(learnt, patches(1, COUNT, 8)).mean(axis=0)
    first = learnt.causes.index("other_things")
    assert first == len(list(some_changes()))
    assert learnt.shifts[first, : learnt.plain] == pytest.approx(
        others[: learnt.plain] - learnt.mean[: learnt.plain], abs=1e-4
    )
    assert learnt.shifts[first, learnt.plain + 3] > 2  # by the detector of other things


def test_a_tenth_of_the_photos_are_far(learnt: Reference) -> None:
    assert 0 < learnt.far < np.inf


def test_examples_are_some_of_the_photos(learnt: Reference) -> None:
    assert len(learnt.examples) == 10
    assert all((example == PHOTOS).all(axis=(1, 2, 3)).any() for example in learnt.examples)


def test_the_same_photos_make_the_same_reference(learnt: Reference) -> None:
    again = learn(PHOTOS, LABELS, CLASSES, patches(1, COUNT, 8))
    assert np.array_equal(again.examples, learnt.examples)
    assert np.array_equal(again.weights, learnt.weights)


@pytest.mark.parametrize(("others", "detectors"), [(None, 6), (39, 6), (40, 7)])
def test_other_things_count_where_there_are_enough(others: int | None, detectors: int) -> None:
    found = learn(PHOTOS[:40], LABELS[:40], CLASSES, None if others is None else patches(1, others, 8))
    assert (found.photos, len(found.weights)) == (40, detectors)
    assert ("other_things" in found.causes) is (detectors == 7)


def test_too_few_photos() -> None:
    with pytest.raises(InvalidTrainingImagesError, match="has 39 photos; at least 40"):
        learn(PHOTOS[:39], LABELS[:39], CLASSES)


def test_other_things_fall_into_kinds_of_which_the_large_ones_count() -> None:
    """Three kinds of 60, 40 and 39: the mean of all, and of two of them, against the mean of good photos."""
    kinds = np.repeat([[0.0, 0], [100, 0], [0, 100]], [60, 40, 39], axis=0)
    jitter = np.random.default_rng(0).normal(0, 0.1, kinds.shape)
    shuffled = (kinds + jitter)[np.random.default_rng(1).permutation(len(kinds))]
    whole, *found = clusters(shuffled, np.array([1.0, 2.0]), kinds=3)
    assert whole == pytest.approx(shuffled.mean(axis=0) - [1, 2])
    assert sorted(np.round(each).tolist() for each in found) == [[-1, -2], [99, -2]]


def test_few_other_things_are_one_kind() -> None:
    (whole,) = clusters(np.arange(10.0).reshape(5, 2), np.zeros(2))
    assert whole.tolist() == [4, 5]


def test_other_things_have_six_kinds_at_most() -> None:
    assert len(clusters(np.repeat(np.eye(7), 40, axis=0), np.zeros(7))) == 1 + 6


def test_one_other_thing_alone_is_a_kind_of_its_own() -> None:
    values = np.full((51, 1), 60.0)
    values[25] = 100
    _, large = clusters(values, np.zeros(1), kinds=2)
    assert large.tolist() == [60]
