"""Events: what is wrong is named."""

from collections.abc import Callable
from typing import Any

import pytest

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import Photo, fraction, probabilities, text, texts

GOOD = {"s3_bucket": "bucket", "s3_key": "photos/é.png", "inference_id": "photo 1"}
WHOLE = {**GOOD, "s3_version_id": "version 1", "s3_etag": "e1"}
LONGEST = {"s3_bucket": 63, "s3_key": 1024, "inference_id": 64, "s3_version_id": 1024, "s3_etag": 128}


@pytest.mark.parametrize("event", [GOOD, WHOLE, {key: "x" * longest for key, longest in LONGEST.items()}])
def test_a_photo_passes_through_unchanged(event: dict[str, str]) -> None:
    assert Photo.parse({**event, "other": 1}).as_event() == event


@pytest.mark.parametrize("key", WHOLE)
@pytest.mark.parametrize("value", [None, "", 7, ["x"], {}])
def test_a_wrong_value_is_named(key: str, value: Any) -> None:
    with pytest.raises(InvalidRequest, match=f"'{key}' must be"):
        Photo.parse({**WHOLE, key: value})


@pytest.mark.parametrize(("key", "longest"), LONGEST.items())
def test_a_text_that_is_too_long_is_named_with_its_limit(key: str, longest: int) -> None:
    said = f"'{key}' must be at most {longest} bytes, got {longest + 1} characters"
    with pytest.raises(InvalidRequest, match=said):
        Photo.parse({**WHOLE, key: "x" * (longest + 1)})


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key_is_named_with_those_that_are_there(key: str) -> None:
    rest = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(InvalidRequest, match=rf"'{key}' is missing; there is: {', '.join(sorted(rest))}"):
        Photo.parse(rest)


@pytest.mark.parametrize("event", [None, [], "text", 3])
def test_an_event_must_be_an_object(event: Any) -> None:
    with pytest.raises(InvalidRequest, match="expected a JSON object with 's3_bucket'"):
        Photo.parse(event)


@pytest.mark.parametrize("key", ["inference_id", "s3_version_id", "s3_etag"])
@pytest.mark.parametrize("value", ["é", "a\nb", "\x00", "   "])
def test_what_travels_in_a_header_must_fit_into_it(key: str, value: str) -> None:
    with pytest.raises(InvalidRequest, match=f"'{key}' must be printable ASCII"):
        Photo.parse({**GOOD, key: value})


def test_the_length_of_a_key_counts_bytes() -> None:
    Photo.parse({**GOOD, "s3_key": "é" * 512})
    with pytest.raises(InvalidRequest, match="at most 1024 bytes"):
        Photo.parse({**GOOD, "s3_key": "é" * 513})


@pytest.mark.parametrize("value", [None, "0.5", True, -0.1, 1.1, float("nan"), float("inf")])
def test_no_fraction(value: Any) -> None:
    with pytest.raises(InvalidRequest, match="'p' must be a number from 0 to 1"):
        fraction({"p": value}, "p")


@pytest.mark.parametrize("value", [None, 0.5, [1.0], [0.5, 0.6], [0.5, 0.5, 0.0], [True, False], [float("nan"), 1.0]])
def test_no_distribution_over_two(value: Any) -> None:
    with pytest.raises(InvalidRequest, match="'p' must be 2 numbers from 0 to 1 that sum to 1, got"):
        probabilities({"p": value}, "p", 2, None)


@pytest.mark.parametrize("value", [[0.5, 0.5], [0.5, 0.2], [0.5, 0.3, 0.0]])
def test_no_distribution_over_two_and_the_rest(value: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"that sum to 1 with the 0\.2 of 'other'"):
        probabilities({"p": value}, "p", 2, 0.2)


def test_rounded_probabilities_are_a_distribution() -> None:
    assert probabilities({"p": [0.3333, 0.3333, 0.3333]}, "p", 3, None) == [0.3333, 0.3333, 0.3333]
    assert probabilities({"p": [0.3333, 0.3333]}, "p", 2, 0.3333) == [0.3333, 0.3333]
    assert probabilities({"p": [1, 0]}, "p", 2, None) == [1, 0]
    assert probabilities({"p": [0, 0]}, "p", 2, 1) == [0, 0]


@pytest.mark.parametrize("value", [None, "ab", [], ["one"], ["a", "a"], ["a", ""], ["a", 1]])
def test_no_list_of_names(value: Any) -> None:
    with pytest.raises(InvalidRequest, match="'labels' must be a list"):
        texts({"labels": value}, "labels")


PHOTO_DATA = "MARKER-OF-A-PHOTO"


READERS: dict[str, Callable[[Any, str], object]] = {
    "text": text,
    "texts": texts,
    "fraction": fraction,
    "probabilities": lambda event, key: probabilities(event, key, 2, None),
}


@pytest.mark.parametrize(
    ("reader", "found", "told"),
    [
        *((name, [PHOTO_DATA], "got a list of length 1") for name in READERS),
        *((name, {"data": PHOTO_DATA}, "got a dict of length 1") for name in READERS),
        *((name, PHOTO_DATA, "got a str of length 17") for name in READERS if name != "text"),
        *((name, PHOTO_DATA.encode(), "got a bytes") for name in READERS),
    ],
)
def test_an_error_never_quotes_the_event(reader: str, found: Any, told: str) -> None:
    with pytest.raises(InvalidRequest, match=told) as raised:
        READERS[reader]({"key": found}, "key")
    assert PHOTO_DATA not in str(raised.value)


def test_an_identifier_that_is_refused_is_not_quoted() -> None:
    with pytest.raises(InvalidRequest, match="got a str of length 18") as raised:
        Photo.parse({**GOOD, "inference_id": f"{PHOTO_DATA}é"})
    assert PHOTO_DATA not in str(raised.value)


def test_a_photo_that_is_too_long_is_not_quoted() -> None:
    with pytest.raises(InvalidRequest, match="at most 16 bytes, got 17 characters") as raised:
        text({"key": PHOTO_DATA}, "key", 16)
    assert PHOTO_DATA not in str(raised.value)


@pytest.mark.parametrize(("found", "told"), [(None, "got None"), (7, "got 7"), (True, "got True"), ("", "length 0")])
def test_what_cannot_be_a_photo_is_told_as_it_is(found: Any, told: str) -> None:
    with pytest.raises(InvalidRequest, match=told):
        text({"key": found}, "key")
