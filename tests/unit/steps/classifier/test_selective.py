"""The threshold is the smallest that is proven to be right often enough."""

import numpy as np
import pytest

from steps.arrays import Labels, Probabilities
from steps.classifier.selective import (
    OperatingPoint,
    PrecisionTarget,
    chance_to_pass,
    choose_threshold,
    operating_point,
    operating_points,
    precision_p_value,
    risk_coverage,
)

TARGET = PrecisionTarget(0.98, 0.9)


def case(*confident: tuple[float, bool]) -> tuple[Labels, Probabilities]:
    """Predictions of the first of two classes with these confidences, right or wrong."""
    confidence = np.array([value for value, _ in confident])
    labels = np.array([0 if right else 1 for _, right in confident])
    return labels, np.column_stack([confidence, 1 - confidence])


def sure(right: int, wrong: int, confidence: float) -> list[tuple[float, bool]]:
    """So many right and wrong predictions of one confidence."""
    return [(confidence, True)] * right + [(confidence, False)] * wrong


def test_goes_down_to_the_last_threshold_that_is_proven() -> None:
    # Of 400 with one mistake 98 % is proven (p = 0.003), of 600 with six as well (0.045), of 700 with 20 it is not.
    predictions = case(*sure(399, 1, 0.99), *sure(195, 5, 0.95), *sure(86, 14, 0.905))
    threshold = choose_threshold(*predictions, TARGET)
    assert threshold == pytest.approx(0.91)
    assert operating_point(*predictions, threshold).coverage == pytest.approx(600 / 700)


def test_more_confidence_wants_more_proof() -> None:
    predictions = case(*sure(399, 1, 0.99), *sure(195, 5, 0.95))
    assert choose_threshold(*predictions, TARGET) < 0.95
    assert choose_threshold(*predictions, PrecisionTarget(0.98, 0.97)) == pytest.approx(0.96)


@pytest.mark.parametrize(("images", "proven"), [(113, False), (114, True)])
def test_as_many_images_as_a_proof_takes(images: int, proven: bool) -> None:
    """Without a mistake among n images, 98 % has p-value 0.98 ** n, which is below 0.1 from n = 114 on."""
    threshold = choose_threshold(*case(*sure(images, 0, 0.99)), TARGET)
    assert (threshold < 1) is proven


def test_a_test_that_fails_ends_the_search() -> None:
    """Otherwise the chance to be wrong would add up, threshold by threshold."""
    predictions = case(*sure(1080, 20, 0.985), *sure(900, 0, 0.9))
    assert precision_p_value(*predictions, 0.9, 0.98) < 0.001
    assert choose_threshold(*predictions, TARGET) == 1.0


def test_the_promise_holds_as_often_as_it_says() -> None:
    """Of models whose precision grows with confidence, at most one in ten gets a threshold that misses the target."""
    generator = np.random.default_rng(0)
    thresholds = []
    for _ in range(300):
        confidence = generator.beta(6, 1, 800).clip(0.5)
        right = generator.random(800) < 0.98 * confidence  # over-confident
        labels, probabilities = case(*zip(confidence, right, strict=True))
        thresholds.append(choose_threshold(labels, probabilities, PrecisionTarget(0.95, 0.9)))
    lowest = 0.94  # above it the confidences are 0.97 on average, of which 0.98 is the target
    chosen = np.array(thresholds)
    assert 0 < (chosen < lowest).mean() <= 0.1
    assert ((chosen >= lowest) & (chosen < 1)).mean() > 0.1, "the tests were too weak to miss anything"


def test_unreachable_target_sends_everything_to_a_person() -> None:
    labels, probabilities = case((0.9, False), (0.8, True))
    threshold = choose_threshold(labels, probabilities, TARGET)
    assert threshold == 1.0
    assert operating_point(labels, probabilities, threshold).coverage == 0.0
    assert operating_point(labels, probabilities, threshold).accuracy == 0.0


def test_equal_confidences_are_accepted_together() -> None:
    labels, probabilities = case((0.9, True), (0.8, True), (0.8, False), (0.7, True))
    assert [point.coverage for point in operating_points(labels, probabilities)] == [0.25, 0.75, 1.0]


def test_operation_points_are_what_their_thresholds_do() -> None:
    generator = np.random.default_rng(0)
    probabilities, labels = generator.dirichlet([1, 1, 1], 150).round(2), generator.integers(0, 3, 150)
    for point in operating_points(labels, probabilities):
        assert point == operating_point(labels, probabilities, point.threshold)


def test_curve_is_thin_and_keeps_its_ends() -> None:
    generator = np.random.default_rng(0)
    first = generator.random(1000)
    labels, probabilities = generator.integers(0, 2, 1000), np.column_stack([first, 1 - first])
    curve = risk_coverage(labels, probabilities)
    assert len(curve) == 101
    assert (curve[0].coverage, curve[-1].coverage) == (0.001, 1.0)


def test_a_photo_at_the_threshold_is_accepted() -> None:
    predictions = case((0.9, True), (0.8, False), (0.7, True))
    assert operating_point(*predictions, 0.8) == OperatingPoint(0.8, pytest.approx(2 / 3), 0.5)
    assert precision_p_value(*predictions, 0.8, 0.5) == pytest.approx(0.75)  # at most one mistake in two
    assert precision_p_value(*predictions, 0.81, 0.5) == pytest.approx(0.5)  # no mistake in one


def test_every_photo_is_judged_by_its_own_prediction() -> None:
    labels, probabilities = np.array([1, 0]), np.array([[0.1, 0.9], [0.8, 0.2]])
    assert precision_p_value(labels, probabilities, 0.5, 0.5) == pytest.approx(0.25)  # no mistake in two


@pytest.mark.parametrize(("classes", "lowest"), [(2, 0.51), (3, 0.34), (4, 0.26)])
def test_the_search_ends_above_the_confidence_of_a_guess(classes: int, lowest: float) -> None:
    """Steps of 0.01 from 0.99 down, while they are above 1 / classes, which every prediction reaches."""
    probabilities = np.tile([0.99] + [0.01 / (classes - 1)] * (classes - 1), (500, 1))
    assert choose_threshold(np.zeros(500, dtype=np.int64), probabilities, TARGET) == lowest


def test_the_chance_to_pass_is_that_of_few_enough_mistakes() -> None:
    """Of 194 images one may be wrong, of 193 none: cdf(1; 194, 0.02) is 0.0985."""
    sure, one_fewer = np.full(194, 0.99), np.full(193, 0.99)
    assert chance_to_pass(sure, TARGET) == pytest.approx(0.99**194 + 194 * 0.01 * 0.99**193)
    assert chance_to_pass(one_fewer, TARGET) == pytest.approx(0.99**193)
    assert chance_to_pass(np.full(113, 0.99), TARGET) == 0.0
    assert chance_to_pass(np.array([]), TARGET) == 0.0


def test_a_mistake_among_few_images_does_not_end_the_search_before_it_began() -> None:
    assert choose_threshold(*case(*sure(113, 1, 0.99), *sure(500, 0, 0.9899)), TARGET) == 0.51
    assert choose_threshold(*case(*sure(50, 1, 0.99), *sure(150, 0, 0.9)), TARGET) == 0.51


def test_the_search_begins_no_higher_than_halfway_between_the_target_and_one() -> None:
    assert choose_threshold(*case(*sure(500, 0, 0.999)), TARGET, lambda threshold: threshold > 0.98) == 0.99
    assert choose_threshold(*case(*sure(500, 0, 0.999)), TARGET, lambda threshold: threshold > 0.99) == 1.0


def test_of_the_proven_thresholds_the_lowest_is_chosen_that_holds_otherwise() -> None:
    predictions = case(*sure(500, 0, 0.99))
    assert choose_threshold(*predictions, TARGET, lambda threshold: threshold > 0.7) == 0.71
    assert choose_threshold(*predictions, TARGET, lambda threshold: threshold in (0.9, 0.8)) == 0.8
    assert choose_threshold(*predictions, TARGET, lambda _: False) == 1.0


def test_thresholds_above_the_first_test_are_taken_if_it_passes_and_none_below_holds() -> None:
    """The first test is at 0.98, on all photos; 0.99 accepts 100 of them."""

    def holds(threshold: float) -> bool:
        return threshold > 0.985

    assert choose_threshold(*case(*sure(100, 0, 0.99), *sure(500, 0, 0.989)), TARGET, holds) == 0.99
    assert choose_threshold(*case(*sure(100, 0, 0.99), *sure(400, 100, 0.989)), TARGET, holds) == 1.0


def test_a_proof_that_is_just_sure_enough_counts() -> None:
    """Four photos without a mistake: the p-value of half of them being right is 1/16."""
    photos = case(*sure(4, 0, 0.75))
    assert choose_threshold(*photos, PrecisionTarget(0.5, 15 / 16)) == 0.51
    assert choose_threshold(*photos, PrecisionTarget(0.5, 0.94)) == 1.0
