import numpy as np
import pytest

from pipelines.traffic.arrivals import DAY, arrivals, count


def test_even_arrivals_are_equally_far_apart() -> None:
    assert list(arrivals(2, 3, "even")) == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5])


@pytest.mark.parametrize(("rate", "seconds", "photos"), [(5, 600, 3000), (0.001, 1, 1), (0.5, 60, 30)])
def test_there_is_at_least_one(rate: float, seconds: float, photos: int) -> None:
    assert count(rate, seconds) == photos
    assert len(list(arrivals(rate, seconds, "day"))) == photos


def test_a_day_has_its_hours() -> None:
    times = np.array(list(arrivals(100, 24, "day")))
    assert (np.diff(times) > 0).all()
    by_hour, _ = np.histogram(times, 24, (0, 24))
    assert by_hour / 100 == pytest.approx(np.array(DAY) * 24 / sum(DAY), abs=0.03)
