"""The binomial distribution, exactly, without SciPy."""

import math


def binomial_cdf(cases: int, count: int, share: float) -> float:
    """Probability that at most `cases` of `count` independent cases, each of probability `share`, occur."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return float(cases >= count)
    logs = (_log_probability(case, count, share) for case in range(min(cases, count) + 1))
    return min(1.0, math.fsum(math.exp(value) for value in logs))


def _log_probability(cases: int, count: int, share: float) -> float:
    ways = math.lgamma(count + 1) - math.lgamma(cases + 1) - math.lgamma(count - cases + 1)
    return ways + cases * math.log(share) + (count - cases) * math.log1p(-share)
