"""Answers of other models, as built-in algorithms and common containers write them."""

import base64
import json

import pytest

from monitoring.captures.payloads import Defaults, Prediction, predictions_of
from monitoring.captures.record import Payload
from monitoring.errors import UnusableLineError

CLASSES = ("bicycle", "motorcycle")
DEFAULTS = Defaults(CLASSES, 0.93)
ONE, TWO = (0.97, 0.03), (0.1, 0.9)


def read(content: object, kind: str = "application/json", encoding: str = "JSON") -> list[Prediction]:
    text = content if isinstance(content, str) else json.dumps(content)
    data = base64.b64encode(text.encode()).decode() if encoding == "BASE64" else text
    payload = Payload.model_validate({"observedContentType": kind, "data": data, "encoding": encoding})
    return predictions_of(payload, DEFAULTS)


@pytest.mark.parametrize(
    "content",
    [
        [ONE, TWO],
        {"predictions": [ONE, TWO]},
        {"predictions": [{"score": ONE, "predicted_label": 0}, {"score": TWO, "predicted_label": 1}]},
        {"predictions": [{"score": 0.03, "predicted_label": 0}, {"score": 0.9, "predicted_label": 1}]},
        {"predictions": [{"probabilities": ONE}, {"probabilities": TWO}]},
        {"probabilities": [ONE, TWO], "predicted_label": ["bicycle", "motorcycle"]},
        {"labels": CLASSES, "probabilities": [ONE, TWO]},
        {"labels": [0, 1], "probabilities": [ONE, TWO]},
        {"predictions": [{"label": "bicycle", "probabilities": ONE}, {"label": "motorcycle", "probabilities": TWO}]},
        {"data": [ONE, TWO]},
        {"shape": [2, 2], "data": [*ONE, *TWO]},
        {"shape": [2, 1, 2], "data": [*ONE, *TWO]},
        {"outputs": [{"name": "p", "datatype": "FP32", "shape": [2, 2], "data": [*ONE, *TWO]}]},
        {"outputs": [ONE, TWO]},
        {"outputs": {"dense_1": [ONE, TWO]}},
        {"predictions": [{"softmax": ONE, "class": 0}, {"softmax": TWO, "class": 1}]},
        json.dumps(json.dumps([ONE, TWO])),
        [dict(zip(CLASSES, ONE, strict=True)), dict(zip(CLASSES, TWO, strict=True))],
        [
            [{"label": "bicycle", "score": 0.97}, {"label": "motorcycle", "score": 0.03}],
            [{"label": "bicycle", "score": 0.1}, {"label": "motorcycle", "score": 0.9}],
        ],
        "[0.97, 0.03]\n[0.1, 0.9]\n",
        '{"prediction": [0.97, 0.03]}\r\n{"prediction": [0.1, 0.9]}',
        '{"score": 0.03, "predicted_label": 0}\n\n{"score": 0.9, "predicted_label": 1}',
    ],
)
def test_two_rows_in_json(content: object) -> None:
    for kind in ("application/json", "application/jsonlines", "text/plain; charset=utf-8", ""):
        predictions = read(content, kind)
        assert [prediction.probabilities for prediction in predictions] == [pytest.approx(ONE), pytest.approx(TWO)]
        assert [prediction.label for prediction in predictions] == ["bicycle", "motorcycle"]
        assert [prediction.threshold for prediction in predictions] == [0.93, 0.93]


@pytest.mark.parametrize(
    "content",
    [
        [0.97, 0.03],
        {"probabilities": ONE},
        {"bicycle": 0.97, "motorcycle": 0.03},
        {"shape": [2], "data": ONE},
    ],
)
def test_one_row_in_json(content: object) -> None:
    assert [prediction.probabilities for prediction in read(content)] == [ONE]


@pytest.mark.parametrize(
    "content",
    [
        "0.97,0.03\n0.1,0.9\n",
        "0.97, 0.03\r\n0.1, 0.9",
        r"0.97,0.03\n0.1,0.9\n",
        '"0.97","0.03"\n"0.1","0.9"',
        "0.97;0.03\n0.1;0.9",
        "[0.97,0.03]\n[0.1,0.9]",
        "(0.97, 0.03)\n(0.1, 0.9)",
        "[[0.97 0.03]\n [0.1  0.9 ]]",
        "0.97\t0.03\n0.1\t0.9",
        "bicycle,motorcycle\n0.97,0.03\n0.1,0.9\n",
        "\ufeff9.7e-1,3e-2\n0.1,0.9",
    ],
)
@pytest.mark.parametrize("encoding", ["CSV", "BASE64"])
def test_two_rows_of_numbers(content: str, encoding: str) -> None:
    for kind in ("text/csv", "TEXT/CSV; charset=utf-8", "text/plain", ""):
        assert [prediction.probabilities for prediction in read(content, kind, encoding)] == [ONE, TWO]


@pytest.mark.parametrize(
    "key",
    [
        "predictions", "prediction", "probabilities", "probability", "scores", "score", "prob", "outputs", "output",
    ],
)  # fmt: skip
def test_keys_that_hold_an_answer(key: str) -> None:
    assert [prediction.probabilities for prediction in read({key: [ONE, TWO]})] == [ONE, TWO]


def test_an_answer_may_name_its_own_classes() -> None:
    (prediction,) = read([{"label": "truck", "score": 0.96}, {"label": "bus", "score": 0.04}])
    assert (prediction.label, prediction.decision) == ("truck", "accepted")
    (prediction,) = read("car,'BOX'\n0.2,0.8", "text/csv", "CSV")
    assert prediction.label == "BOX"


def test_a_class_beside_its_probability_outweighs_a_list_of_classes() -> None:
    (prediction,) = read({"labels": ["bus", "truck"], "predictions": [{"bicycle": 0.97, "motorcycle": 0.03}]})
    assert prediction.label == "bicycle"


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        ("[" * 100_000 + "]" * 100_000, "application/json", "nested too deeply"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "text/plain", "nested too deeply"),
        ("[" + "9" * 5000 + ", 0.5]", "application/json", "not a list of probabilities"),
        ("[" + "9" * 400 + ", 0.5]", "application/json", "too large"),
        ("[Infinity, -Infinity]", "application/json", "not from 0 to 1"),
        ("[1e308, 1e308]", "application/json", "not from 0 to 1"),
        ("nan,nan", "text/csv", "not from 0 to 1"),
        ("0.93", "text/csv", "not a list of probabilities"),
        ("0.97,0.03", "application/json", "probabilities: Invalid JSON$"),
        ("bicycle,0.97", "text/csv", "probabilities: neither JSON nor CSV$"),
        ("bicycle,motorcycle", "text/csv", "neither JSON nor CSV"),
        ("", "text/csv", "neither JSON nor CSV"),
        ("[]", "application/json", "not a list of probabilities"),
        ('"text"', "application/json", "not a list of probabilities"),
        ('{"predictions": []}', "application/json", "not a list of probabilities"),
        ('{"predictions": [{"closest": 1}]}', "application/json", "none of the keys"),
        ('{"predictions": [{"a": [0.97, 0.03], "b": [0.1, 0.9]}]}', "application/json", "none of the keys"),
        ('{"outputs": [{"shape": [2, 0], "data": [0.1, 0.9]}]}', "application/json", "'data' and 'shape'"),
        ('{"outputs": [{"shape": [2, 1], "data": [0.97, 0.03]}]}', "application/json", "1 probabilities for 2 classes"),
        ('{"outputs": [{"shape": [], "data": [0.1, 0.9]}]}', "application/json", "'data' and 'shape'"),
        ('{"outputs": [{"shape": 2, "data": [0.1, 0.9]}]}', "application/json", "'data' and 'shape'"),
        ('{"outputs": [{"shape": [1, 2], "data": ["a"]}]}', "application/json", "'data' and 'shape'"),
        (json.dumps({"labels": ["a\x01", "b"], "probabilities": [ONE]}), "application/json", "printable name"),
        (json.dumps({"labels": ["a" * 201, "b"], "probabilities": [ONE]}), "application/json", "printable name"),
        (json.dumps([0.0] * 1001), "application/json", "1001 probabilities for 2 classes"),
    ],
)
def test_answers_that_cannot_be_read(content: str, kind: str, reason: str) -> None:
    with pytest.raises(UnusableLineError, match=reason) as caught:
        read(content, kind)
    assert len(str(caught.value)) < 300


def test_bytes_that_are_no_text() -> None:
    data = base64.b64encode(b"\xff\xfe\xff").decode()
    payload = Payload.model_validate({"observedContentType": "text/csv", "data": data, "encoding": "BASE64"})
    with pytest.raises(UnusableLineError, match="neither JSON nor CSV"):
        predictions_of(payload, DEFAULTS)
