"""Answers beside the looks of photos, worked out by hand: agreement, exchanged labels, guessing, the mix of classes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unit.monitoring.judgement.made_up import looks, seen
from unit.monitoring.judgement.small import small_reference

from monitoring.judgement.answers import Agreement, agreement, answer_causes
from monitoring.judgement.causes import Cause
from monitoring.judgement.looks import Looks

NAMES = np.array(["bicycle", "motorcycle", "lorry"])
EVEN = [0, 1] * 50  # a hundred photos, half of each class


def named(answers: list[int]) -> pd.Series:
    return pd.Series(NAMES[answers])


def found(answers: list[int], classes: list[int], alike: np.ndarray | None = None) -> Agreement:
    known = agreement(looks(seen(classes), alike), named(answers))
    assert known is not None
    return known


def causes(
    answers: list[int], classes: list[int], sure: float = 0.99, alike: np.ndarray | None = None, intact: bool = True
) -> list[Cause]:
    confidence = pd.Series([sure] * len(answers))
    return answer_causes(looks(seen(classes), alike), named(answers), confidence, len(answers), intact)


def test_answers_that_are_what_photos_look_like() -> None:
    """Right answers would look like their class in 85 % of these photos; chance is 50 %."""
    known = found(EVEN, EVEN)
    assert known.value == pytest.approx((1 - 0.5) / (0.85 - 0.5))
    assert known.error == pytest.approx(np.sqrt(0.05 / 100) / 0.35)
    assert known.answered.tolist() == [0.5, 0.5]
    assert known.looks == pytest.approx([0.3 / 0.7, 0.4 / 0.7])  # of which (0.9, 0.1) and (0.2, 0.8) make a half each
    assert (known.consistent, known.disagrees) == (1.0, False)
    assert causes(EVEN, EVEN) == []


def test_answers_by_chance_and_exchanged_ones() -> None:
    quarter = [0, 0, 1, 1] * 25
    assert found(EVEN, quarter).value == pytest.approx(0)
    assert found(EVEN, quarter).error == pytest.approx(np.sqrt(0.25 / 100) / 0.35)
    assert found(EVEN, quarter).disagrees
    assert found([1, 0] * 50, EVEN).value == pytest.approx(-0.5 / 0.35)


def test_answers_of_other_classes_say_nothing() -> None:
    """Of forty answers half are of a class that the baseline lacks; with one more of them, too few are left."""
    answers = [0, 1] * 10 + [2] * 20
    known = found(answers, answers[:20] + [0] * 20)
    assert known.answered.tolist() == [0.5, 0.5]
    assert known.value == pytest.approx(0.5 / 0.35)
    assert known.error == pytest.approx(np.sqrt(0.05 / 20) / 0.35)
    assert agreement(looks(seen([0] * 40)), named([0, 1] * 9 + [0] + [2] * 21)) is None
    assert causes([2] * 40, [0] * 40) == []


def test_with_one_class_there_is_nothing_to_agree_about() -> None:
    one = looks(seen([0] * 40)[:, :3], classes=("bicycle",))
    assert agreement(one, named([0] * 40)) is None


def test_looks_that_tell_nothing_cannot_disagree() -> None:
    for right in (0.5, 0.52):
        recognised = np.array([[right, 1 - right], [1 - right, right]])
        known = agreement(looks(seen(EVEN), recognised=recognised), named([1, 0] * 50))
        assert known is not None
        assert (known.value, known.error, known.disagrees) == (1.0, np.inf, False)


def test_shares_by_looks_are_from_none_to_all() -> None:
    """A class that is recognised in 90 % of its photos cannot be in more than all of them."""
    assert found(EVEN, [0] * 100).looks.tolist() == [1, 0]


def test_photos_of_one_thing_count_as_one() -> None:
    assert found(EVEN, EVEN, np.ones((100, 100), dtype=bool)).error == pytest.approx(np.sqrt(0.05) / 0.35)
    half = agreement(looks(seen(EVEN), np.ones((100, 100), dtype=bool)), named([0, 1] * 25 + [2] * 50))
    assert half is not None
    assert half.error == pytest.approx(np.sqrt(0.05) / 0.35)


@pytest.mark.parametrize(("value", "error", "disagrees"), [(0.46, 0.1, True), (0.48, 0.1, False), (0.0, np.inf, False)])
def test_when_answers_disagree(value: float, error: float, disagrees: bool) -> None:
    assert Agreement(value, error, np.zeros(2), np.zeros(2), 1.0).disagrees is disagrees


def pairs(count: int) -> np.ndarray:
    """Photos of which two after another show the same thing."""
    return np.kron(np.eye(count // 2, dtype=bool), np.ones((2, 2), dtype=bool))


def test_the_same_thing_has_the_same_answer() -> None:
    """Of fifty pairs forty have one answer each: 80 %, and two standard errors of fifty different things."""
    answers = [0, 0, 1, 1] * 20 + [0, 1] * 10
    known = found(answers, answers, pairs(100))
    assert known.consistent == pytest.approx(0.8 + 2 * np.sqrt(0.16 / 50))
    assert found([0, 0, 1, 1] * 25, EVEN, pairs(100)).consistent == 1.0
    assert found([0, 0, 1, 1] * 24 + [0, 0, 0, 1], EVEN, pairs(100)).consistent == 1.0  # 98 %, and more than 2 % above


def test_few_photos_of_the_same_thing_say_nothing() -> None:
    for count, known in ((18, False), (20, True)):
        alike = np.eye(100, dtype=bool)
        alike[:count, :count] = pairs(count)
        assert (found([0, 1] * 50, EVEN, alike).consistent < 1) == known


def test_three_photos_of_the_same_thing_of_which_one_has_another_answer() -> None:
    """Of the two partners of each photo, one, one and none have its answer."""
    answers = [0, 0, 1] * 30
    alike = np.kron(np.eye(30, dtype=bool), np.ones((3, 3), dtype=bool))
    assert found(answers, answers, alike).consistent == pytest.approx(1 / 3 + 2 * np.sqrt(2 / 9 / 30))


def test_exchanged_labels_are_told_from_a_model_that_guesses() -> None:
    (exchanged,) = causes([1, 0] * 50, EVEN)
    assert exchanged.text == "labels do not agree with what the photos look like: about 100 % of 100 photos"
    assert (exchanged.cause, exchanged.share, exchanged.serious, exchanged.rank) == ("labels_disagree", 1.0, True, 1.5)
    (guessing,) = causes(EVEN, [0, 0, 1, 1] * 25, sure=0.69)
    assert guessing.text == (
        "the model's answers do not fit the photos, which look as usual: about 100 % of 100 photos"
    )
    assert (guessing.cause, guessing.share, guessing.serious, guessing.rank) == ("model_answers", 1.0, True, 1.5)
    assert guessing.evidence["agreement"] == 0
    assert causes(EVEN, [0, 0, 1, 1] * 25, sure=0.71)[0].cause == "labels_disagree"
    assert causes(EVEN, [0, 0, 1, 1] * 25, sure=0.71)[0].share == 0.5
    assert causes([1, 0] * 50, EVEN, sure=0.69)[0].cause == "labels_disagree"  # no guess is worse than chance


def test_the_evidence_is_what_was_compared() -> None:
    (cause,) = causes([1, 0] * 50, EVEN)
    assert cause.evidence == {
        "agreement": -1.4286,
        "standard_error": 0.0639,
        "class_mix_apart": 0.0714,
        "consistent": 1.0,
    }


def test_photos_that_are_changed_explain_answers_that_do_not_fit() -> None:
    assert causes([1, 0] * 50, EVEN, intact=False) == []


def test_a_model_that_always_says_the_same() -> None:
    """Answers and looks agree by chance, and the mix of classes gives the model away."""
    (cause,) = causes([0] * 100, EVEN)
    assert (cause.cause, cause.share) == ("model_answers", 1.0)
    (cause,) = causes([0] * 100, EVEN, intact=False)
    assert cause.cause == "class_mix"


def test_a_model_that_wavers() -> None:
    answers = [0, 1] * 50
    (cause,) = causes(answers, answers, sure=0.6, alike=pairs(100))
    assert (cause.cause, cause.share) == ("model_answers", 0.0)
    (cause,) = causes(answers, answers, sure=0.99, alike=pairs(100))
    assert (cause.cause, cause.share) == ("labels_disagree", 0.0)


@pytest.mark.parametrize(("first", "cause"), [(88, "labels_disagree"), (92, "model_answers")])
def test_a_model_that_favours_a_class(first: int, cause: str) -> None:
    """By their looks half of the photos are of each class. The answers' mix may be 0.2 and 3.2 x 0.062 away: 0.4."""
    classes = [0] * 55 + [1] * 45
    favoured = [1] * (100 - first) + [0] * first
    assert [each.cause for each in causes(favoured, classes)] == [cause]


@pytest.mark.parametrize(("more", "said"), [(20, False), (24, True)])
def test_another_mix_of_classes(more: int, said: bool) -> None:
    """Of 100 photos 65 count. Chance, 0.062, may move a share twice as far, and 0.08 more: 0.204 in all."""
    answers = [0] * (50 + more) + [1] * (50 - more)
    found = causes(answers, answers)
    assert [cause.cause for cause in found] == ["class_mix"] * said
    for cause in found:
        assert cause.text == "the mix of classes differs: 74 % of 100 photos are bicycle, in the baseline 50 %"
        assert (cause.share, cause.serious, cause.rank) == (pytest.approx(0.24), False, 0.4)
        assert cause.evidence == {"bicycle": 0.74, "motorcycle": 0.26}


def test_the_class_whose_share_differs_is_named() -> None:
    answers = [0] * 26 + [1] * 74
    (cause,) = causes(answers, answers)
    assert cause.text == "the mix of classes differs: 26 % of 100 photos are bicycle, in the baseline 50 %"


def test_many_photos_are_not_all_independent() -> None:
    """Of 1,000 photos 290 count: a share may differ by 0.08 and twice 0.029, which is 0.139."""
    for more, said in ((138, False), (140, True)):
        answers = [0] * (500 + more) + [1] * (500 - more)
        assert bool(causes(answers, answers)) is said


def test_a_one_sided_model_is_told_by_more_than_chance() -> None:
    """Of forty photos with half of each class, 36 are called bicycles: 0.4 too many, where chance explains 0.45."""
    classes, answers = [0] * 20 + [1] * 20, [0] * 36 + [1] * 4
    known = looks(seen(classes), recognised=np.eye(2))
    (cause,) = answer_causes(known, named(answers), pd.Series([0.99] * 40), 40, intact=True)
    assert cause.cause == "labels_disagree"


def test_a_guess_that_is_wrong_more_often_than_by_chance_affects_all_photos() -> None:
    classes = [0] * 20 + [1] * 20
    answers = [0] * 9 + [1] * 11 + [1] * 9 + [0] * 11
    known = looks(seen(classes), recognised=np.eye(2))
    (cause,) = answer_causes(known, named(answers), pd.Series([0.55] * 40), 40, intact=True)
    assert (cause.cause, cause.share) == ("model_answers", 1.0)


@pytest.mark.parametrize("last", [0, 1])
def test_the_photos_that_look_least_like_their_answers_are_shown(last: int) -> None:
    """Nine answers of twenty are wrong, by more or less; that of the last photo is no class of the baseline."""
    classes = np.array([0] * 10 + [1] * 10 + [last])
    wrong = {0: 0.5, 1: 2.5, 2: 1.5, 3: 4.0, 10: 3.0, 11: 0.7, 12: 5.0, 13: 0.6, 14: 2.0}
    answers = [1 - each if place in wrong else each for place, each in enumerate(classes[:20])]
    traits = np.zeros((21, 3))
    for place, each in enumerate(classes):
        traits[place, 1:] = place % 4  # how much both classes are there says nothing
        traits[place, 1 + each] += wrong.get(place, 9.0)
    known = replace(small_reference(), recognised=np.eye(2))
    found = Looks(known, traits, np.eye(21, dtype=bool))
    (cause,) = answer_causes(found, named([*answers, 2]), pd.Series([0.99] * 21), 21, intact=True)
    assert cause.shown == (12, 3, 10, 1, 14, 2, 11, 13, 0)


def test_of_one_answer_to_all_photos_those_of_the_other_class_are_shown() -> None:
    assert causes([1] * 40, [0, 1] * 20, sure=0.55)[0].shown == tuple(range(0, 20, 2))
