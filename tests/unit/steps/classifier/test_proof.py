"""The threshold is the smallest that is proven to be right often enough."""

import numpy as np
import pytest

from steps.classifier.proof import Cases, PrecisionTarget, choose_threshold, is_proven

TARGET = PrecisionTarget(0.98, 0.9)


def case(*groups: tuple[int, int, float]) -> Cases:
    """Groups of photos as they are: so many right ones, so many wrong ones, and their confidence. The last come first.

    What is right comes before what is wrong.
    """
    right = [each for count, wrong, _ in groups for each in [True] * count + [False] * wrong]
    confidence = np.repeat([each for _, _, each in groups], [count + wrong for count, wrong, _ in groups])
    return Cases(np.arange(len(right))[::-1], np.ones(len(right)), confidence, np.array(right))


def chosen(*groups: tuple[int, int, float], target: PrecisionTarget = TARGET, guess: float = 0.5) -> float:
    return choose_threshold(case(*groups), target, guess)


def test_what_decisions_win_is_shared_by_the_copies_of_a_photo() -> None:
    cases = Cases(
        photos=np.array([0, 0, 1, 1, 2]),
        shares=np.array([0.75, 0.25, 0.75, 0.25, 1.0]),
        confidence=np.array([0.9, 0.9, 0.9, 0.8, 0.7]),
        right=np.array([True, False, True, True, False]),
    )
    assert cases.gains(0.9, 0.98) == pytest.approx([0.75 * 0.02 - 0.25 * 0.98, 0.75 * 0.02, 0])
    assert cases.gains(0.7, 0.98) == pytest.approx([0.75 * 0.02 - 0.25 * 0.98, 0.02, -0.98])
    assert cases.reach(0.9) == pytest.approx((1.75 / 3, 1.5 / 1.75))
    assert cases.reach(0.95) == (0, 0)


@pytest.mark.parametrize(("images", "proven"), [(133, False), (134, True)])
def test_as_many_images_as_a_proof_takes(images: int, proven: bool) -> None:
    """Each right decision multiplies the capital by 1 + 0.85 · 0.02 / 0.98 = 1.01735, tenfold after 134 of them."""
    assert is_proven(np.full(images, 0.02), 0.98, 0.1) is proven


def test_a_mistake_takes_most_of_the_capital_and_no_loss_follows_a_proof() -> None:
    """It leaves 15 %, which takes 111 right ones to regain."""
    right, wrong = np.full(134, 0.02), np.array([-0.98])
    assert not is_proven(np.concatenate([wrong, right, np.full(109, 0.02)]), 0.98, 0.1)
    assert is_proven(np.concatenate([wrong, right, np.full(111, 0.02)]), 0.98, 0.1)
    assert is_proven(np.concatenate([right, wrong]), 0.98, 0.1)


def test_nothing_is_proven_without_photos_or_without_risk() -> None:
    assert not is_proven(np.array([]), 0.98, 0.1)
    assert not is_proven(np.array([]), 0.98, 0.5)
    assert not is_proven(np.full(10_000, 0.02), 0.98, 0.0)
    assert is_proven(np.array([]), 0.98, 1.0)


def test_goes_down_to_the_last_threshold_that_is_proven() -> None:
    assert chosen((400, 0, 0.995), (200, 0, 0.95), (0, 20, 0.905)) == 0.91
    assert chosen((400, 0, 0.995), (200, 0, 0.95)) == 0.505


def test_more_confidence_wants_more_proof() -> None:
    photos = (250, 0, 0.995), (0, 1, 0.95)
    assert chosen(*photos, target=PrecisionTarget(0.98, 0.9)) == 0.505
    assert chosen(*photos, target=PrecisionTarget(0.98, 0.99)) == 1


@pytest.mark.parametrize(("images", "threshold"), [(174, 1.0), (175, 0.505)])
def test_each_start_has_half_of_the_risk(images: int, threshold: float) -> None:
    assert chosen((images, 0, 0.995)) == threshold


def test_the_second_start_is_taken_where_the_first_proves_nothing() -> None:
    """The first is at 0.995, the second at 0.985, two steps of 0.005 below."""
    assert chosen((200, 0, 0.985)) == 0.505
    assert chosen((200, 0, 0.9849)) == 1.0


def test_a_test_that_fails_ends_the_search() -> None:
    """Otherwise the chance to be wrong would add up, threshold by threshold."""
    assert chosen((200, 0, 0.995), (0, 200, 0.96), (100_000, 0, 0.9)) == 0.965
    assert chosen((0, 200, 0.985), (100_000, 0, 0.96)) == 1.0


@pytest.mark.parametrize(
    ("precision", "guess", "lowest"),
    [(0.98, 1 / 2, 0.505), (0.98, 1 / 3, 0.335), (0.98, 1 / 4, 0.255), (0.7, 1 / 2, 0.505)],
)
def test_the_search_ends_above_the_confidence_of_a_guess(precision: float, guess: float, lowest: float) -> None:
    """Of 0.7, the first start is 0.925, and floating-point steps from there take the guess itself for one more."""
    assert chosen((500, 0, 0.995), target=PrecisionTarget(precision, 0.9), guess=guess) == lowest


def test_a_low_target_has_fewer_starts() -> None:
    """Of 0.3, they are 0.825 and 0.475, which no prediction of two classes is below: the first has all of the risk."""
    risk_of_one = PrecisionTarget(0.3, 0.9)
    assert chosen((3, 0, 0.9), target=risk_of_one) == 0.505  # 1 + 0.85 · 0.7 / 0.3 = 2.98, tenfold after three
    assert chosen((2, 0, 0.9), target=risk_of_one) == 1.0
    assert chosen((3, 0, 0.9), target=risk_of_one, guess=0.9) == 1.0


def test_a_start_at_the_confidence_of_a_guess_has_no_part_of_the_risk() -> None:
    """Of 0.5, they are 0.875 and 0.625: the first has all of the risk, and 1.85 to the fourth is more than ten."""
    assert chosen((4, 0, 0.9), target=PrecisionTarget(0.5, 0.9), guess=0.625) == 0.63


def test_a_start_between_two_thresholds_is_taken_at_the_nearer_one() -> None:
    """Of 0.986, the second is 0.9895, and the thresholds beside it are 0.9915 and 0.9865."""
    photos = (1000, 0, 0.992), (0, 1000, 0.988)
    assert chosen(*photos, target=PrecisionTarget(0.986, 0.9)) == 0.9915


def test_of_the_proven_thresholds_the_lowest_is_chosen_that_holds_otherwise() -> None:
    cases = case((500, 0, 0.995))
    assert choose_threshold(cases, TARGET, 0.5, lambda threshold: threshold > 0.7) == 0.705
    assert choose_threshold(cases, TARGET, 0.5, lambda threshold: threshold in (0.9, 0.8)) == 0.8
    assert choose_threshold(cases, TARGET, 0.5, lambda _: False) == 1.0


def test_what_the_first_start_has_left_is_passed_on() -> None:
    """A capital of more than ten passes with the whole risk, and needs twenty with the half of a start."""
    right, late = (175, 0, 0.995), (0, 1, 0.95)
    assert chosen(right, late, (121, 0, 0.95)) == 0.505
    assert chosen((121, 0, 0.985), late, (175, 0, 0.95)) == 1.0


def test_the_promise_holds_as_often_as_it_says() -> None:
    """Of trainings whose mistakes are in several copies of the same photos, at most one in ten misses the target.

    What confidence lacks to 1 is half the cube of a uniform number, and the chance of a mistake. Its mean above a
    threshold is a quarter of what that lacks, so that the target of 0.95 is missed below 0.8.
    """
    generator = np.random.default_rng(0)
    photos, copies = 400, 3
    numbers, shares = np.repeat(np.arange(photos), copies), np.tile([0.75, 0.125, 0.125], photos)
    thresholds = []
    for _ in range(200):
        lack = generator.random(photos) ** 3 / 2
        hard = generator.random(photos) < 1.25 * lack  # of a hard photo, four of five copies are mistaken
        right = ~(hard[numbers] & (generator.random(copies * photos) < 0.8))
        cases = Cases(numbers, shares, 1 - lack[numbers], right)
        thresholds.append(choose_threshold(cases, PrecisionTarget(0.95, 0.9), 0.5))
    assert 0 < np.mean([threshold < 0.8 for threshold in thresholds]) <= 0.1
    assert np.median(thresholds) < 0.93
