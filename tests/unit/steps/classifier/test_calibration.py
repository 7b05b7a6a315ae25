"""The temperature repairs confidence that is too high or too low."""

import numpy as np
import pytest

from steps.classifier.calibration import fit_temperature
from steps.classifier.classifier import softmax
from steps.evaluation import metrics


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("classes", [2, 5])
def test_finds_the_temperature_that_spoilt_the_logits(temperature: float, classes: int) -> None:
    generator = np.random.default_rng(0)
    honest = generator.normal(0, 2, (4000, classes))
    labels = np.array([generator.choice(classes, p=row) for row in softmax(honest)])
    fitted = fit_temperature(temperature * honest, labels, np.ones(4000))
    assert fitted == pytest.approx(temperature, rel=0.1)
    assert metrics.expected_calibration_error(labels, softmax(temperature * honest / fitted)) < 0.03


def test_is_the_minimum() -> None:
    generator = np.random.default_rng(1)
    logits, labels = generator.normal(0, 3, (300, 2)), generator.integers(0, 2, 300)
    logits[np.arange(300), labels] += 2
    best = fit_temperature(logits, labels, np.ones(300))
    losses = [metrics.log_loss(labels, softmax(logits / (best * factor))) for factor in (0.8, 1.0, 1.25)]
    assert losses[1] == min(losses)


@pytest.mark.parametrize("classes", [2, 3])
def test_is_exactly_the_minimum_of_the_softened_loss(classes: int) -> None:
    generator = np.random.default_rng(2)
    logits, labels = generator.normal(0, 3, (60, classes)), generator.integers(0, classes, 60)
    logits[np.arange(60), labels] += 2
    targets = np.where(np.eye(classes)[labels] > 0, 1 - 1 / 62, 1 / 62 / (classes - 1))
    best = fit_temperature(logits, labels, np.ones(60))
    losses = [-(targets * np.log(softmax(logits / (best * factor)))).sum() for factor in (0.998, 1.0, 1.002)]
    assert losses[1] == min(losses)


def test_an_offset_of_a_photos_logits_changes_nothing() -> None:
    """Of 98 photos all are right, so that the probability becomes 0.99: the temperature is 0.5 / ln(0.99 / 0.01)."""
    logits = np.array([[1000.0, 999.5], [0.0, -0.5]] * 49)
    assert fit_temperature(logits, np.zeros(98, dtype=np.int64), np.ones(98)) == pytest.approx(0.5 / np.log(99))


def test_logits_that_say_nothing_fit_every_temperature() -> None:
    assert fit_temperature(np.zeros((4, 2)), np.array([0, 1, 0, 1]), np.ones(4)) == pytest.approx(0.05)


def test_no_mistakes_do_not_ask_for_boundless_confidence() -> None:
    labels = np.array([0, 1] * 80)
    logits = np.where(np.eye(2)[labels] > 0, 1.0, -1.0)
    confidence = softmax(logits / fit_temperature(logits, labels, np.ones(160))).max(axis=1)
    assert confidence == pytest.approx(1 - 1 / 162, abs=1e-6)


@pytest.mark.parametrize(("classes", "temperature"), [(2, 0.864442), (3, 0.666265)])
def test_the_temperature_worked_out_by_hand(classes: int, temperature: float) -> None:
    """Of 98 equal predictions 90 are right; targets are softened by 1 / (98 + 2).

    The probability of the predicted class must become the mean target q: (90 · 0.99 + 8 · 0.01) / 98 of two classes,
    (90 · 0.99 + 8 · 0.005) / 98 of three. So the temperature is 2 / ln((classes - 1) · q / (1 - q)).
    """
    logits = np.tile([2.0] + [0.0] * (classes - 1), (98, 1))
    assert fit_temperature(logits, np.array([0] * 90 + [1] * 8), np.ones(98)) == pytest.approx(temperature, abs=1e-5)


def test_the_temperature_stays_within_its_bounds() -> None:
    labels = np.zeros(50, dtype=np.int64)
    assert fit_temperature(np.tile([-2.0, 2.0], (50, 1)), labels, np.ones(50)) == pytest.approx(20)
    assert fit_temperature(np.tile([1e-3, -1e-3], (50, 1)), labels, np.ones(50)) == pytest.approx(0.05)


def test_copies_of_a_photo_count_by_their_shares() -> None:
    """49 photos in two copies: the right ones have 90 / 98 of the shares, and there are half as many photos."""
    logits, labels = np.tile([2.0, 0.0], (98, 1)), np.array([0] * 49 + [1] * 49)
    shares = np.array([90 / 98] * 49 + [8 / 98] * 49)
    q = (90 / 98 * 50 + 8 / 98) / 51
    assert fit_temperature(logits, labels, shares) == pytest.approx(2 / np.log(q / (1 - q)), abs=1e-5)
