"""The binomial distribution, against SciPy's."""

import pytest
from scipy.stats import binom

from steps.classifier.binomial import binomial_cdf


@pytest.mark.parametrize("count", [1, 20, 800])
@pytest.mark.parametrize("share", [0.001, 0.02, 0.5, 0.99])
def test_against_scipy(count: int, share: float) -> None:
    for cases in {0, 1, count // 3, count - 1, count}:
        assert binomial_cdf(cases, count, share) == pytest.approx(binom.cdf(cases, count, share), rel=1e-9)


@pytest.mark.parametrize(
    ("cases", "count", "share", "expected"), [(0, 0, 0.5, 1), (2, 5, 0, 1), (4, 5, 1, 0), (5, 5, 1, 1)]
)
def test_edges(cases: int, count: int, share: float, expected: float) -> None:
    assert binomial_cdf(cases, count, share) == expected


def test_no_probability_is_larger_than_one() -> None:
    assert binomial_cdf(46, 46, 0.5) == 1.0  # the sum of the rounded terms is 1 + 1.3e-14
