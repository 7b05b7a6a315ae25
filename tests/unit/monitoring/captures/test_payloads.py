import json
from collections.abc import Callable
from typing import Any

import pytest

from monitoring.captures.payloads import Defaults, images_of, predictions_of
from monitoring.captures.record import Payload
from monitoring.errors import UnusableLineError

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)
OURS = {"labels": ["a", "b"], "threshold": 0.8}


def answer(content: object) -> Payload:
    text = content if isinstance(content, str) else json.dumps(content)
    return Payload.model_validate({"observedContentType": "application/json", "data": text, "encoding": "JSON"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([0.9], "1 probabilities for 2 classes"),
        ([0.9, 0.05, 0.05], "3 probabilities for 2 classes"),
        ([0.9, 0.9], "add up to 1.8, not 1"),
        ([1.5, -0.5], "not a distribution"),
        ([1.5, 0], "a probability is not from 0 to 1"),
        ([0.9, 0.102], "add up to 1.002, not 1"),
        ("[NaN, NaN]", "not a distribution"),
        (["bicycle", 0.1], "not a list of probabilities"),
        ("[0.9, 0.1", "not a list of probabilities"),
        ("0.9,0.1", "Invalid JSON"),
        ({"error": "boom"}, "labels: Field required"),
        ({"labels": ["a", "b"], "probabilities": [[1, 0]], "threshold": 2}, "threshold: Input should be less"),
        ({"labels": ["a", "b"], "probabilities": [[1]], "threshold": 0.5}, "1 probabilities for 2 classes"),
        ({**OURS, "probabilities": [[0.5, 0.5]], "other": [0.5]}, "add up to 1.5, not 1"),
        ({**OURS, "probabilities": [[0.5, 0.2]], "other": None}, "add up to 0.7, not 1"),
        ({**OURS, "probabilities": [[0.5, 0.2]]}, "add up to 0.7, not 1"),
        ({**OURS, "probabilities": [[0.9, 0.3]], "other": [-0.2]}, "a probability is not from 0 to 1"),
        ({**OURS, "probabilities": [[0.5, 0.2]], "other": []}, "1 rows, and 0 in 'other'"),
        ({**OURS, "probabilities": [[1, 0]], "other": [0, 0]}, "1 rows, and 2 in 'other'"),
        ({**OURS, "probabilities": [[1, 0]], "upright": [0.9, 0.1]}, "1 rows, and 2 in 'upright'"),
        ({**OURS, "probabilities": [[1, 0]], "upright": [1.002]}, "upright is not from 0 to 1"),
        ({**OURS, "probabilities": [[1, 0]], "upright": [-0.1]}, "upright is not from 0 to 1"),
        ({**OURS, "probabilities": [[1, 0]], "other": 0}, "other: Input should be a valid"),
        ({**OURS, "probabilities": [[1, 0]], "other": [None]}, "other.0: Input should be a valid number"),
    ],
)
def test_answers_that_are_no_probabilities(content: object, reason: str) -> None:
    with pytest.raises(UnusableLineError, match=reason):
        predictions_of(answer(content), DEFAULTS)


@pytest.mark.parametrize("rounded", [(0.9, 0.1009), (1.001, 0.0)])
def test_probabilities_may_be_rounded(rounded: tuple[float, float]) -> None:
    assert predictions_of(answer(rounded), DEFAULTS)[0].probabilities == rounded


def test_an_answer_may_have_1000_classes_with_names_of_200_characters() -> None:
    labels = tuple(str(number).rjust(200, "0") for number in range(1000))
    content = {"labels": labels, "probabilities": [[1, *[0] * 999]], "threshold": 0.5}
    assert predictions_of(answer(content), DEFAULTS)[0].labels == labels


def test_bare_probabilities_may_be_zero_and_follow_blanks() -> None:
    (prediction,) = predictions_of(answer(" [1, 0]"), DEFAULTS)
    assert prediction.probabilities == (1.0, 0.0)
    assert prediction.synthetic is False
    assert prediction.model_version is None


def test_without_a_threshold_bare_probabilities_decide_nothing() -> None:
    with pytest.raises(UnusableLineError, match="with --threshold"):
        predictions_of(answer([0.9, 0.1]), Defaults(("bicycle", "motorcycle")))


def test_the_first_of_equally_probable_classes_is_predicted() -> None:
    (prediction,) = predictions_of(answer([0.5, 0.5]), DEFAULTS)
    assert (prediction.label, prediction.confidence, prediction.decision) == ("bicycle", 0.5, "low_confidence")


@pytest.mark.parametrize(
    ("row", "other", "decision"),
    [
        ((0.9, 0.0), 0.1, "accepted"),
        ((0.1, 0.2), 0.7, "not_a_known_vehicle"),
        ((0.4, 0.2), 0.4, "low_confidence"),
        ((0.5, 0.3), 0.2, "low_confidence"),
        ((0.1, 0.1, 0.1, 0.1, 0.1), 0.5, "not_a_known_vehicle"),
        ((0.1, 0.1, 0.1, 0.1, 0.5), 0.1, "low_confidence"),
    ],
)
def test_an_answer_may_know_something_else(row: tuple[float, ...], other: float, decision: str) -> None:
    content = {"labels": "abcde"[: len(row)], "probabilities": [row], "other": [other], "threshold": 0.8}
    (prediction,) = predictions_of(answer({**content, "labels": [*content["labels"]]}), DEFAULTS)
    assert (prediction.other, prediction.confidence, prediction.decision) == (other, max(row), decision)


def test_an_answer_may_say_how_upright_each_photo_is() -> None:
    """The probabilities of the classes add up to 1 without it, and it may be rounded upwards."""
    content = {**OURS, "probabilities": [[1, 0], [0.5, 0.5]], "upright": [1.001, 0]}
    predictions = predictions_of(answer(content), DEFAULTS)
    assert [each.upright for each in predictions] == [1.001, 0]
    assert predictions[1].columns["upright"] == 0


@pytest.mark.parametrize("told", [{}, {"other": None}, {"upright": None}])
def test_a_model_that_cannot_tell_has_no_probability_of_something_else(told: dict[str, Any]) -> None:
    predictions = predictions_of(answer({**OURS, "probabilities": [[0.5, 0.5], [0.9, 0.1]], **told}), DEFAULTS)
    assert [each.other for each in predictions] == [None, None]
    assert [each.upright for each in predictions] == [None, None]
    assert [each.decision for each in predictions] == ["low_confidence", "accepted"]


def test_a_synthetic_model_says_so(respond: Callable[..., dict[str, Any]]) -> None:
    assert predictions_of(answer(respond(0.9, synthetic=True)), DEFAULTS)[0].synthetic
    assert not predictions_of(answer(respond(0.9)), DEFAULTS)[0].synthetic


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "application/x-image", "IMAGE/PNG; q=1"])
def test_content_types_of_photos(kind: str) -> None:
    request = Payload.model_validate({"observedContentType": kind, "data": "AAEC", "encoding": "BASE64"})
    assert images_of(request) == [b"\0\1\2"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"observedContentType": "text/csv", "data": "1,2", "encoding": "CSV"}, "'text/csv' is not a photo"),
        ({"observedContentType": None, "data": "1,2", "encoding": "CSV"}, "'unknown' is not a photo"),
        ({"observedContentType": "image/png", "data": "!!", "encoding": "BASE64"}, "is not base64"),
        ({"observedContentType": "application/json", "data": "{}", "encoding": "JSON"}, "no list of images"),
        (
            {"observedContentType": "application/json", "data": '{"instances": []}', "encoding": "JSON"},
            "no list of images",
        ),
        ({"observedContentType": "application/json", "data": '{"instances": ["!"]}', "encoding": "JSON"}, "not base64"),
    ],
)
def test_requests_that_are_no_photos(request_: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnusableLineError, match=reason):
        images_of(Payload.model_validate(request_))


def test_a_text_that_is_no_unicode_is_passed_on_as_it_is() -> None:
    payload = Payload.model_validate({"data": "a\ud800", "encoding": "CSV"})
    assert payload.content() == b"a\xed\xa0\x80"
