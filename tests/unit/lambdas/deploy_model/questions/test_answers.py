"""When two answers are the same, and what is an answer at all."""

from typing import Any

import pytest

from lambdas.deploy_model.questions.answers import Answer, answered
from lambdas.shared.errors import InvalidRequest

BEFORE = Answer({"bicycle": 0.9, "motorcycle": 0.05}, 0.05)


@pytest.mark.parametrize(
    ("now", "same"),
    [
        (Answer({"motorcycle": 0.05, "bicycle": 0.9}, 0.05), True),  # whatever the order
        (Answer({"bicycle": 0.86, "motorcycle": 0.09}, 0.05), True),
        (Answer({"bicycle": 0.84, "motorcycle": 0.11}, 0.05), False),
        (Answer({"bicycle": 0.05, "motorcycle": 0.9}, 0.05), False),
        (Answer({"bicycle": 0.9, "motorcycle": 0.0}, 0.11), False),
        (Answer({"bicycle": 0.9, "motorcycle": 0.05}, None), False),
        (Answer({"bicycle": 0.9, "bus": 0.05}, 0.05), False),
    ],
)
def test_the_same_but_for_what_another_machine_makes(now: Answer, same: bool) -> None:
    assert now.agrees(BEFORE) is same


def test_models_that_cannot_tell_other_things_say_the_same() -> None:
    assert Answer({"bicycle": 0.9, "motorcycle": 0.1}, None).agrees(Answer({"bicycle": 0.88, "motorcycle": 0.12}, None))


RESPONSE: dict[str, Any] = {
    "labels": ["bicycle", "motorcycle"],
    "probabilities": [[0.9, 0.05]],
    "other": [0.05],
    "model_version": "job-1",
}


def test_a_response_to_one_photo() -> None:
    assert answered(RESPONSE) == ("job-1", BEFORE)
    older = {**RESPONSE, "probabilities": [[0.9, 0.1]], "other": None}
    assert answered(older) == answered({key: each for key, each in older.items() if key != "other"})
    assert answered(older)[1] == Answer({"bicycle": 0.9, "motorcycle": 0.1}, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"probabilities": [[0.9, 0.05], [0.9, 0.05]]},
        {"probabilities": [0.9, 0.05]},
        {"probabilities": [[0.9]]},
        {"other": 0.05, "probabilities": []},
        {"labels": ["bicycle", "bicycle"]},
        {"model_version": ""},
    ],
)
def test_what_is_no_answer(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        answered({**RESPONSE, **wrong})


@pytest.mark.parametrize("wrong", [[], "answer", None, 1])
def test_what_is_no_object(wrong: object) -> None:
    with pytest.raises(InvalidRequest):
        answered(wrong)
