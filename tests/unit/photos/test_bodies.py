"""Requests as clients really send them: content types, base64, and JSON with several photos."""

import base64
import json
import tracemalloc
from collections.abc import Callable

import pytest

from photos.bodies import decode_base64, is_json, is_photo, media_type, photos_of
from photos.errors import InvalidBodyError, TooManyPhotosError
from photos.limits import MAXIMUM_BYTES, MAXIMUM_PHOTOS

CONTENT = bytes(range(256)) * 2  # its base64 has every character of the alphabet
PLAIN = base64.b64encode(CONTENT).decode()
WRAPPED = base64.encodebytes(CONTENT).decode()


@pytest.mark.parametrize(
    "content_type",
    [
        "image/jpg", "image/jpeg; charset=binary", "IMAGE/JPEG", "image/pjpeg", " Image/PNG ;q=1", "image/x-png",
        "image/webp", "image/gif", "image/bmp", "image/x-ms-bmp", "image/tiff", "image/avif", "application/x-image",
    ],
)  # fmt: skip
def test_content_types_of_one_photo(content_type: str) -> None:
    assert is_photo(media_type(content_type))
    assert not is_json(media_type(content_type))


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8", "text/json"])
def test_content_types_of_several_photos(content_type: str) -> None:
    assert is_json(media_type(content_type))
    assert not is_photo(media_type(content_type))


@pytest.mark.parametrize("content_type", [None, "", " ; charset=utf-8"])
def test_a_missing_content_type_is_empty(content_type: str | None) -> None:
    assert media_type(content_type) == ""


@pytest.mark.parametrize("content_type", [None, "", "text/csv", "application/octet-stream", "imagejpeg", "x/image/png"])
def test_other_content_types(content_type: str | None) -> None:
    assert not is_photo(media_type(content_type))
    assert not is_json(media_type(content_type))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        WRAPPED,
        WRAPPED.replace("\n", "\r\n"),
        f"\t{PLAIN}\n",
        PLAIN.rstrip("="),
        base64.urlsafe_b64encode(CONTENT).decode(),
        base64.urlsafe_b64encode(CONTENT).decode().rstrip("="),
        f"data:image/png;base64,{PLAIN}",
        f"data:;BASE64,{PLAIN}",
    ],
)
def test_base64_as_clients_send_it(text: str) -> None:
    assert decode_base64(text) == CONTENT


@pytest.mark.parametrize(
    "text",
    [
        "*no*", "abc+-_/=", "ab+-", "ab/_", "abcde", "YQ=", "YQ==YQ==", "ä", "\ud83d", "data:image/png,abcd", "a",
    ],
)  # fmt: skip
def test_what_is_no_base64_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(InvalidBodyError, match="not base64"):
        decode_base64(text)


def test_the_photos_of_a_body_in_order() -> None:
    body = json.dumps({"instances": [base64.b64encode(b"first").decode(), WRAPPED], "more": {}})
    assert photos_of(body) == photos_of(body.encode()) == photos_of(bytearray(body.encode())) == [b"first", CONTENT]


def test_line_breaks_of_a_shell_need_no_escape() -> None:
    assert photos_of(f'{{"instances": ["{WRAPPED}"]}}'.encode()) == [CONTENT]


def test_other_encodings_of_unicode() -> None:
    body = json.dumps({"instances": [PLAIN]})
    assert photos_of(body.encode("utf-16")) == photos_of(body.encode("utf-8-sig")) == [CONTENT]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not JSON in UTF-8"),
        (b'{"instances": ["\xff\xfe\xe4"]}', "not JSON in UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"instances": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"instances": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "nested too deeply"),
        (b'{"instances": [' + b"9" * 5000 + b"]}", "not JSON"),
        (b'["abc"]', "no list of images"),
        (b"null", "no list of images"),
        (b"{}", "no list of images"),
        (b'{"instances": []}', "no list of images"),
        (b'{"instances": "abcd"}', "no list of images"),
        (b'{"instances": {"b64": "abcd"}}', "no list of images"),
        (b'{"instances": ["YQ==", 1]}', "image 1 is a int"),
        (b'{"instances": [null]}', "image 0 is a NoneType"),
        (b'{"instances": ["YQ==", "%%%"]}', "image 1: the text is not base64"),
    ],
)
def test_bodies_that_cannot_be_read(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidBodyError, match=reason) as caught:
        photos_of(body)
    assert len(str(caught.value)) < 200


def test_as_many_photos_as_the_limit_says() -> None:
    assert len(photos_of(json.dumps({"instances": ["YQ=="] * MAXIMUM_PHOTOS}))) == MAXIMUM_PHOTOS
    with pytest.raises(TooManyPhotosError, match="1,001 photos; at most 1,000"):
        photos_of(json.dumps({"instances": ["YQ=="] * (MAXIMUM_PHOTOS + 1)}))


@pytest.mark.parametrize("encoded", [str, str.encode])
def test_a_body_may_have_four_commas_for_each_photo_that_is_allowed(encoded: Callable[[str], bytes | str]) -> None:
    body = f'{{"instances": ["{PLAIN}"], "more": [0{",0" * (4 * MAXIMUM_PHOTOS - 1)}'
    assert photos_of(encoded(body + "]}")) == [CONTENT]
    with pytest.raises(TooManyPhotosError, match="too many values"):
        photos_of(encoded(body + ",0]}"))


@pytest.mark.parametrize("value", ['"YQ=="', "[]", "{}", "0"])
def test_a_body_of_many_values_takes_no_memory(value: str) -> None:
    body = f'{{"instances": [{",".join([value] * 500_000)}]}}'.encode()
    tracemalloc.start()
    with pytest.raises(TooManyPhotosError, match="at most 1,000 photos"):
        photos_of(body)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_body_of_as_many_bytes_as_the_limit_says() -> None:
    assert photos_of('{"instances": ["YQ=="]}'.ljust(MAXIMUM_BYTES)) == [b"a"]


@pytest.mark.parametrize("body", [b" " * (MAXIMUM_BYTES + 1), " " * (MAXIMUM_BYTES + 1)])
def test_a_body_of_too_many_bytes(body: bytes | str) -> None:
    with pytest.raises(TooManyPhotosError, match="25,000,001 bytes; at most 25,000,000"):
        photos_of(body)
