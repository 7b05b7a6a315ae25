import pytest

from jobs.intervals import wilson_interval


def test_wilson_interval() -> None:
    # Table 1 of Newcombe, Statistics in Medicine 17 (1998), method 3: 81 of 263, and 0 of 20.
    assert wilson_interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("share", [0, 1])
def test_a_wilson_interval_stays_between_0_and_1(share: int) -> None:
    intervals = [wilson_interval(share, count) for count in range(1, 40)]  # rounding passes 0 at 7, and 1 at 20
    assert all(0 <= low <= high <= 1 for low, high in intervals)
