"""Photos beside a reference: how far they differ, and which change explains it, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from unit.monitoring.judgement.made_up import REFERENCE, looks

from monitoring.appearance.appearance import appearance
from monitoring.judgement.eye import Eye
from monitoring.judgement.looks import Looks, alike, highest, look


def moved(*shift: float, count: int = 100) -> Looks:
    return looks(np.tile(np.array(shift, float), (count, 1)))


def test_photos_that_are_alike_count_together() -> None:
    assert moved(0, 0, 0, 0, count=4).different == 4
    pair = np.eye(4, dtype=bool)
    pair[0, 1] = pair[1, 0] = True
    assert looks(np.zeros((4, 4)), pair).different == pytest.approx(16 / 6)


def test_chance_is_that_of_different_photos_of_which_150_count() -> None:
    """The variance of the mean is 1/n, and 0.01 that no trait is trusted beyond."""
    for count, counted in ((20, 20), (150, 150), (300, 150)):
        assert np.allclose(moved(0, 0, 0, 0, count=count).precision, np.eye(4) / (1 / counted + 0.01))


def test_harmless_changes_and_the_mix_of_classes_may_move_the_mean() -> None:
    found = looks(np.zeros((100, 4)), harmless=np.eye(4)[:1], class_shifts=2 * np.eye(4)[1:2]).precision
    assert np.diag(found) == pytest.approx([1 / (0.02 + 0.49), 1 / (0.02 + 4 * 0.1225), 50, 50])


def test_the_best_explanation_of_each_cause_comes_first() -> None:
    """The mean has moved by 1.2 in one direction and 0.4 in another; the precision of each is 50."""
    dark, turned = moved(1.2, 0.4, 0, 0).explanations
    assert (dark.cause, dark.change, turned.cause, turned.change) == ("dark", 0, "turned", 2)
    assert (dark.share, turned.share) == (pytest.approx(0.6), pytest.approx(0.2))
    assert (dark.gain, turned.gain) == (pytest.approx(50 * 1.2**2), pytest.approx(50 * 0.4**2))
    assert moved(1.2, 0.4, 0, 0).unlike == pytest.approx(50 * (1.2**2 + 0.4**2))


def test_no_more_than_all_photos_and_no_less_than_none_are_changed() -> None:
    """A shift by 3 is more than all photos having turned, which explains a part of it; one by -3 is no turn at all."""
    best = moved(0, 3, 0, 0).explanations[0]
    assert (best.change, best.share, best.gain) == (2, 1, pytest.approx(50 * (9 - 1)))
    assert [(each.share, each.gain) for each in moved(0, -3, 0, 0).explanations] == [(0, 0), (0, 0)]


def test_each_photo_beside_the_change() -> None:
    traits = np.array([[0, 0.0, 0, 0], [0, 2, 0, 5], [0, 1, 3, 0]])
    mean = np.array([1.0, 2, 3, 4])
    assert looks(traits + mean, mean=mean).along(2) == pytest.approx([0, 1, 0.5])


def test_a_tenth_of_strange_photos_is_usual() -> None:
    def strange(count: int) -> float:
        return looks(np.array([[3.0, 0, 0, 0]] * count + [[0.0] * 4] * (100 - count))).strange

    assert (strange(5), strange(10), strange(100)) == (0, 0, pytest.approx(1))
    assert strange(55) == pytest.approx(0.5)


def test_traits_are_plain_numbers_and_scores() -> None:
    assert REFERENCE.traits(np.array([[1.0, 2, 3]])).tolist() == [[1, 2, 11, 26]]
    assert REFERENCE.looks_like(np.array([[9.0, 9, 9, 1, 2], [9, 9, 9, 2, 1]])).tolist() == [1, 0]


def test_pictures_of_the_same_thing_are_found_though_they_moved() -> None:
    drawn = np.random.default_rng(1).integers(0, 256, (3, 20, 20, 3)).repeat(2, axis=1).repeat(2, axis=2)
    large = drawn.astype(np.uint8)  # (3, 40, 40, 3), of fields of two pixels
    one, another, third = large[:, 4:36, 4:36]
    right, far = large[0, 4:36, 6:38], large[0, 4:36, 8:40]
    darker = (one * 0.5).astype(np.uint8)
    up, down = large[0, 2:34, 4:36], large[0, 8:40, 4:36]
    found = alike(np.stack([one, another, third, right, far, darker, up, down]))
    assert (found == found.T).all()
    assert found[0].tolist() == [True, False, False, True, False, True, True, False]
    assert found[1].sum() == found[2].sum() == 1


def test_it_is_enough_that_one_of_two_pictures_is_like_the_other() -> None:
    """The second picture shows the middle of the first, moved to its edge, and beyond it something bright."""
    drawn = np.random.default_rng(1).integers(0, 100, (16, 16, 3)).repeat(2, axis=0).repeat(2, axis=1)
    moved = np.roll(drawn, 2, axis=1)
    moved[:, 28:] = 0
    moved[::4, 28:], moved[1::4, 28:] = 255, 255
    found = alike(np.stack([drawn, moved]).astype(np.uint8))
    assert found.all()


def test_faint_pictures_are_alike_too() -> None:
    drawn = np.random.default_rng(1).integers(100, 102, (2, 16, 16, 1)).repeat(2, axis=1).repeat(2, axis=2)
    faint = drawn.repeat(3, axis=3).astype(np.uint8)
    assert alike(faint[[0, 0, 1]]).tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_even_pictures_are_only_alike_themselves() -> None:
    assert alike(np.zeros((2, 32, 32, 3), np.uint8)).tolist() == np.eye(2, dtype=bool).tolist()


def test_photos_are_looked_at_through_the_reference() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    count = sum(part.shape[1] for part in appearance(pixels))
    known = replace(REFERENCE, centre=np.zeros(count), scale=np.ones(count), weights=np.eye(2, count))
    eye, turned = Eye(20, 3, 96, 0.0625, 0.9), np.array([1.0, 0.0, 1.0])
    found = look(known, pixels, eye, turned)
    assert found.reference is known
    assert np.array_equal(found.traits, known.traits(known.numbers(pixels)))
    assert found.alike.tolist() == np.eye(3, dtype=bool).tolist()
    assert found.eye is eye
    assert found.turned is turned


def test_of_equal_photos_the_first_ones_are_the_highest() -> None:
    assert highest(np.arange(200) % 3) == tuple(range(2, 32, 3))
