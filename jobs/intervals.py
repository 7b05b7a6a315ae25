"""Confidence intervals of shares."""

import math

Z_95 = 1.959964  # standard normal quantile of a two-sided 95 % interval


def wilson_interval(share: float, count: float) -> tuple[float, float]:
    """95 % confidence interval of a share seen in `count` independent cases, more than 0 (Wilson, 1927).

    Cases that depend on each other are worth fewer, which need not be a whole number.
    """
    centre = share + Z_95**2 / (2 * count)
    reach = Z_95 * math.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2))
    scale = 1 + Z_95**2 / count
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
