"""Two models on the same photos."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from steps.evaluation.paired import compare, difference_interval, mcnemar


@pytest.mark.parametrize(("one", "other"), [(1, 7), (7, 1), (0, 3), (5, 5), (40, 60), (0, 0)])
def test_mcnemar_is_the_binomial_test_of_the_disagreements(one: int, other: int) -> None:
    expected = binomtest(one, one + other, 0.5).pvalue if one + other else 1.0
    assert mcnemar(one, other) == pytest.approx(expected)


def test_many_disagreements_are_no_overflow() -> None:
    assert mcnemar(2000, 3000) == pytest.approx(binomtest(2000, 5000, 0.5).pvalue)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # airway hyper-responsiveness, Fagerland et al. (2014); then tables of Newcombe (1998), to the printed digits
        ((1, 1, 7, 12), -0.507, -0.026),
        ((36, 14, 0, 0), 0.1528, 0.4167),
        ((36, 12, 2, 0), 0.0569, 0.3404),
    ],
)
def test_the_interval_is_that_of_published_examples(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    digits = 3 if low < 0 else 4
    assert [round(limit, digits) for limit in difference_interval(*counts)] == [low, high]


def test_half_the_photos_are_taken_off_a_positive_correlation() -> None:
    """Worked out by hand, with Newcombe's continuity correction: 20 · 16 - 12 · 2 = 296, less half of 50 photos.

    So φ = 271 / √(32 · 18 · 22 · 28) = 0.45496. Wilson's intervals of 32/50 and 22/50 are 0.50141 to 0.75864 and
    0.31157 to 0.57690. 0.2 reaches √(0.13859² - 2φ · 0.13859 · 0.13690 + 0.13690²) = 0.14384 below
    and √(0.11864² - 2φ · 0.11864 · 0.12843 + 0.12843²) = 0.12921 above.
    """
    assert difference_interval(20, 12, 2, 16) == pytest.approx((0.2 - 0.14384, 0.2 + 0.12921), abs=2e-5)


def test_the_interval_turns_round_with_the_models() -> None:
    low, high = difference_interval(80, 12, 5, 3)
    assert difference_interval(80, 5, 12, 3) == pytest.approx((-high, -low))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(1)
    shares = [0.85, 0.08, 0.04, 0.03]
    tables = generator.multinomial(200, shares, size=2000)
    intervals = [difference_interval(*map(int, table)) for table in tables]
    covered = np.mean([low <= 0.04 <= high for low, high in intervals])
    assert 0.935 < covered < 0.975


def test_comparison() -> None:
    challenger = np.array([True] * 90 + [False] * 10)
    champion = np.array([True] * 70 + [False] * 25 + [True] * 5)
    found = compare(challenger, champion)
    assert (found.both_right, found.only_challenger, found.only_champion, found.both_wrong) == (70, 20, 5, 5)
    assert found.difference == pytest.approx(0.15)
    assert found.outcome == "better"
    assert compare(champion, challenger).outcome == "worse"
    assert compare(champion, champion).outcome == "undecided"
    assert compare(champion, champion).p_value == 1.0


def test_every_photo_is_counted_where_it_belongs() -> None:
    challenger = np.array([True] * 11 + [False] * 5)
    champion = np.array([True] * 4 + [False] * 7 + [True] * 2 + [False] * 3)
    found = compare(challenger, champion)
    assert (found.both_right, found.only_challenger, found.only_champion, found.both_wrong) == (4, 7, 2, 3)
    assert found.difference == pytest.approx(5 / 16)
    assert found.p_value == pytest.approx(92 / 512)  # twice the chance of at most 2 heads in 9 tosses


@pytest.mark.parametrize(
    ("counts", "phi"),
    [  # the numerator both * neither - one * other is 180, less half of 100 photos; 1, less than half of 5 photos
        ((80, 12, 5, 3), 130 / 968.7104),
        ((1, 1, 1, 2), 0.0),
    ],
)
def test_the_correlation_has_newcombes_continuity_correction(counts: tuple[int, int, int, int], phi: float) -> None:
    both, one, other, _ = counts
    total = sum(counts)
    first, second = binomtest(both + one, total), binomtest(both + other, total)
    wilson1, wilson2 = first.proportion_ci(method="wilson"), second.proportion_ci(method="wilson")
    down, up = first.statistic - wilson1.low, wilson2.high - second.statistic
    below = np.sqrt(down**2 - 2 * phi * down * up + up**2)
    assert difference_interval(*counts)[0] == pytest.approx((one - other) / total - below, abs=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [(0.001, 0.2, "better"), (0.0, 0.2, "undecided"), (-0.2, 0.0, "undecided"), (-0.2, -0.001, "worse")],
)
def test_an_interval_that_touches_zero_is_undecided(low: float, high: float, outcome: str) -> None:
    found = compare(np.array([True, False]), np.array([False, True]))
    assert replace(found, low=low, high=high).outcome == outcome
