"""Causes in the pictures: which change is named, how sure one has to be, and since when it is there."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from unit.monitoring.judgement.made_up import looks

from monitoring.judgement.causes import Cause
from monitoring.judgement.eye import Eye
from monitoring.judgement.pictures import picture_causes

START = datetime(2026, 3, 9, tzinfo=UTC)
EVEN = 0.02  # the variance of the mean of a hundred different photos, and what is never trusted


def causes(*shift: float, count: int = 100, alike: np.ndarray | None = None, photos: int = 100) -> list[Cause]:
    """The causes of photos that all have moved alike; the reference's mean is 0."""
    traits = np.tile(np.array(shift, float), (count, 1))
    return picture_causes(looks(traits, alike), times(count), photos)


def times(count: int) -> list[datetime]:
    return [START + timedelta(minutes=number) for number in range(count)]


def gain_of(gain: float, variance: float = EVEN) -> float:
    """How far the mean has to move for chi-square to fall by this much."""
    return float(np.sqrt(gain * variance))


def test_photos_like_the_mean_have_no_cause() -> None:
    assert causes(0, 0, 0, 0) == []
    assert picture_causes(looks(np.ones((30, 4)), causes=(), shifts=np.zeros((0, 4))), times(30), 30) == []


def test_a_share_of_a_known_change_is_found() -> None:
    (cause,) = causes(1.2, 0, 0, 0, photos=412)
    assert (cause.cause, cause.share) == ("dark", pytest.approx(0.6))
    assert cause.text == "pictures are darker than the baseline's: 60 % of 412 photos"
    assert cause.evidence == {
        "gain": pytest.approx(72),
        "different_photos": 100,
        "since": None,
        "other_explanations": {"turned": 0.0},
    }
    assert (cause.serious, cause.rank) == (True, pytest.approx(1.6))


def test_the_photos_that_have_changed_most_are_shown() -> None:
    traits = np.zeros((100, 4))
    traits[:, 0] = np.linspace(1, 2, 100)
    (cause,) = picture_causes(looks(traits), times(100), 100)
    assert cause.shown == tuple(range(99, 89, -1))


@pytest.mark.parametrize(("gain", "found"), [(23.9, 0), (24.1, 1)])
def test_chance_is_no_cause(gain: float, found: int) -> None:
    assert len(causes(gain_of(gain), 0, 0, 0)) == found


@pytest.mark.parametrize(("count", "gain", "found"), [(24, 24.9, 0), (24, 25.1, 1), (25, 24.9, 1)])
def test_few_photos_have_to_be_clearer(count: int, gain: float, found: int) -> None:
    assert len(causes(0, gain_of(gain, 1 / count + 0.01), 0, 0, count=count)) == found


def test_a_change_of_hardly_any_photo_is_no_cause() -> None:
    """A gain of 30 would do, but so strong a change would have happened to three photos in a hundred."""

    def found(shift: float) -> list[Cause]:
        known = looks(
            np.tile([gain_of(30), 0, 0, 0], (100, 1)), causes=("dark",), shifts=np.array([[shift, 0.0, 0, 0]])
        )
        return picture_causes(known, times(100), 100)

    assert found(gain_of(30) / 0.039) == []
    assert len(found(gain_of(30) / 0.041)) == 1


@pytest.mark.parametrize(
    ("gain", "share", "serious", "rank"),
    [(39, 0.5, False, 0.75), (41, 0.5, True, 1.5), (60, 0.39, False, 0.695), (60, 0.41, True, 1.41)],
)
def test_many_photos_and_clear_ones_are_serious(gain: float, share: float, serious: bool, rank: float) -> None:
    shifts = np.array([[gain_of(gain) / share, 0.0, 0, 0]])
    known = looks(np.tile([gain_of(gain), 0, 0, 0], (100, 1)), causes=("blur",), shifts=shifts)
    (cause,) = picture_causes(known, times(100), 100)
    assert (cause.serious, cause.rank) == (serious, pytest.approx(rank))


def test_how_pictures_are_turned_is_said() -> None:
    (sideways,) = causes(0, 1.2, 0, 0)
    (upside_down,) = causes(0, 0, 1.2, 0)
    assert sideways.text == "pictures are turned by 90°: 60 % of 100 photos"
    assert upside_down.text == "pictures are turned upside down: 60 % of 100 photos"
    traits = np.tile([0, 1.2, 0, 0], (100, 1))
    three = looks(traits, causes=("turned", "turned", "turned"), shifts=2 * np.eye(4)[:3])
    assert "by 90°" in picture_causes(three, times(100), 100)[0].text


def test_of_turned_pictures_it_is_said_what_the_model_sees() -> None:
    half, usual = (Eye(100, count, 96, 0.0625, 0.9) for count in (50, 6))
    (turned,) = picture_causes(looks(np.tile([0, 1.2, 0, 0], (100, 1)), eye=half), times(100), 100)
    assert turned.text.endswith("; 50 % of 100 photos are seen turned by the model, 6 % of the test photos")
    assert (turned.evidence["seen_turned"], turned.evidence["usually_seen_turned"]) == (0.5, 0.0625)
    (dark,) = picture_causes(looks(np.tile([1.2, 0, 0, 0], (100, 1)), eye=usual), times(100), 100)
    assert dark.text == "pictures are darker than the baseline's: 60 % of 100 photos"
    assert "seen_turned" not in dark.evidence


def test_the_next_three_explanations_are_told() -> None:
    known = looks(
        np.tile([1.0, 0.5, 0.312, 0.2], (100, 1)),
        causes=("dark", "blur", "noise", "turned", "haze"),
        shifts=np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]]),
    )
    (cause,) = picture_causes(known, times(100), 100)
    assert cause.evidence["other_explanations"] == {"blur": 12.5, "haze": 6.6, "noise": 4.9}


def test_a_large_difference_that_no_known_change_explains() -> None:
    """Chi-square is 200, of which a known change explains 39 %; in the second case 55 of 100 photos lie far out."""
    (cause,) = causes(gain_of(78), 0, 0, gain_of(122))
    assert (cause.cause, cause.share, cause.serious) == ("other_things", 0, False)
    traits = np.zeros((100, 4))
    traits[:55, 3] = 6 + np.arange(-27, 28) / 1000
    (cause,) = picture_causes(looks(traits), times(100), 100)
    assert cause.shown == tuple(range(54, 44, -1))
    assert cause.text == (
        "pictures show other things than the classes, or changed in an unknown way: about 50 % of 100 photos"
    )
    assert (cause.share, cause.serious, cause.rank) == (pytest.approx(0.5), True, pytest.approx(1.5))
    assert cause.evidence == {"unlike": pytest.approx(50 * 3.3**2), "different_photos": 100}


@pytest.mark.parametrize(
    ("chi", "part", "cause"), [(181, 0.39, "other_things"), (181, 0.41, "dark"), (179, 0.3, "dark")]
)
def test_what_a_known_change_has_to_explain(chi: float, part: float, cause: str) -> None:
    (found,) = causes(gain_of(part * chi), 0, 0, gain_of((1 - part) * chi))
    assert found.cause == cause


def since(*values: float) -> int | None:
    """The number of the photo with which a change begins; each value is 0 without the change and 1 with it."""
    traits = np.zeros((len(values), 4))
    traits[:, 0] = 200 * np.array(values)
    known = looks(traits, causes=("dark",), shifts=np.array([[200.0, 0, 0, 0]]))
    (cause,) = picture_causes(known, times(len(values)), len(values))
    found: str | None = cause.evidence["since"]
    return None if found is None else times(len(values)).index(datetime.fromisoformat(found))


def test_when_it_began_is_said() -> None:
    traits = np.zeros((100, 4))
    traits[70:, 0] = 5.0
    (cause,) = picture_causes(looks(traits), times(100), 100)
    assert cause.evidence["since"] == "2026-03-09T01:10:00Z"
    assert cause.text == "pictures are darker than the baseline's since 01:10: 75 % of 100 photos"


@pytest.mark.parametrize(("first", "said"), [(11, 12), (12, 12), (50, 50), (88, 88), (89, 88)])
def test_twelve_photos_are_before_and_after_the_beginning(first: int, said: int) -> None:
    assert since(*[0] * first, *[1] * (100 - first)) == said


def test_too_few_photos_do_not_say_when_it_began() -> None:
    assert since(*[0] * 12, *[1] * 11) is None
    assert since(*[0] * 12, *[1] * 12) == 12


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [(0, 0.26, True), (0, 0.24, False), (0.26, 0.9, True), (0.28, 0.9, False), (0.4, 1.8, True)],
)
def test_a_beginning_is_a_rise_from_little(before: float, after: float, known: bool) -> None:
    assert (since(*[before] * 12, *[after] * 12) is not None) == known


def test_what_came_and_went_has_no_beginning() -> None:
    assert since(*[1] * 13, *[0] * 75, *[1] * 12) is None


def test_a_gradual_change_begins_in_its_middle() -> None:
    assert since(*(np.arange(100) / 99) ** 2) == 64


def test_single_photos_far_away_do_not_say_when_it_began() -> None:
    values = np.repeat([0.0, 1.0], [60, 40])
    values[30] = 20
    assert since(*values) == 60
    values[[3, 10, 17, 24, 30, 37, 44, 51]] = 6  # each counts as 2, and all of them as 0.27 on average
    assert since(*values) == 60
    always = np.repeat([0.4, 0.9], [50, 50])
    always[[5, 15, 25, 35]] = -3  # each counts as -1, which leaves 0.29 on average
    assert since(*always) is None
