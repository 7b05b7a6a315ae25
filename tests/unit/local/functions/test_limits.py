"""What Lambda allows of a function."""

import io
import zipfile
from typing import Any

import pytest

from local.functions.limits import MOST_UNZIPPED, check_configuration, check_package, checked_event, too_large
from local.protocol.errors import ServiceError

INVALID = "InvalidParameterValueException"


def archive(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        made.writestr("x", b"\0" * size)
    return buffer.getvalue()


def test_what_lambda_takes_is_taken() -> None:
    variables = {"NAME": "x" * 4092}
    check_configuration({"FunctionName": "f-1_x", "Handler": "a.b", "Timeout": 900, "MemorySize": 10_240})
    check_configuration({"Runtime": "python3.13", "Layers": ["l"] * 5, "Environment": {"Variables": variables}})
    check_configuration({"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Timeout": "60"})
    check_configuration({"Timeout": {"Ref": "Seconds"}, "Environment": {"Variables": {"A_1": {"Ref": "B"}}}})
    check_package(archive(10), [archive(5)])
    assert checked_event(b"") == b"{}"
    assert checked_event(b"[1]") == b"[1]"
    assert too_large(b"x" * 6 * 2**20) is None


@pytest.mark.parametrize(
    ("members", "code", "text"),
    [
        ({"Timeout": 901}, "ValidationException", "Value '901' at 'timeout' failed to satisfy constraint"),
        ({"Timeout": 0}, "ValidationException", "greater than or equal to 1"),
        ({"MemorySize": 127}, "ValidationException", "greater than or equal to 128"),
        ({"MemorySize": 10_241}, "ValidationException", "less than or equal to 10240"),
        ({"Runtime": "python3.99"}, INVALID, "Value 'python3.99' at 'runtime' failed"),
        ({"Layers": ["l"] * 6}, INVALID, "You cannot reference more than 5 layers."),
        ({"FunctionName": "a b"}, "ValidationException", "at 'functionName' failed"),
        ({"FunctionName": "x" * 65}, "ValidationException", "at 'functionName' failed"),
        ({"Handler": "a b"}, "ValidationException", "at 'handler' failed"),
        ({"Environment": {"Variables": {"A1": "x" * 4095}}}, INVALID, "exceeded the 4KB limit"),
        (
            {"Environment": {"Variables": {"AWS_REGION": "x"}}},
            INVALID,
            "Reserved keys used in this request: AWS_REGION",
        ),
        ({"Environment": {"Variables": {"1A": "x"}}}, "ValidationException", "Value '1A'"),
    ],
)
def test_other_configurations_are_refused(members: dict[str, Any], code: str, text: str) -> None:
    with pytest.raises(ServiceError, match=text) as raised:
        check_configuration(members)
    assert raised.value.code == code


def test_packages_that_are_none_or_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, text in ((b"", "must be a non-empty zip"), (b"no zip", "Could not unzip uploaded file")):
        with pytest.raises(ServiceError, match=text) as raised:
            check_package(code)
        assert raised.value.code == INVALID
    assert MOST_UNZIPPED == 250 * 2**20
    monkeypatch.setattr("local.functions.limits.MOST_UNZIPPED", 20)
    check_package(archive(15), [archive(5)])
    with pytest.raises(ServiceError, match="Unzipped size must be smaller than"):
        check_package(archive(15), [archive(6)])


def test_payloads_have_limits() -> None:
    for most in (2**20, 6 * 2**20):
        text = b'"' + b"x" * (most - 2) + b'"'
        assert checked_event(text, most) == text
        with pytest.raises(ServiceError, match=f"must be smaller than {most} bytes") as raised:
            checked_event(text + b" ", most)
        assert (raised.value.code, raised.value.status) == ("RequestTooLargeException", 413)
    with pytest.raises(ServiceError, match="Could not parse request body into json"):
        checked_event(b"{")
    refused = too_large(b"x" * (6 * 2**20 + 1))
    assert b"Function.ResponseSizeTooLarge" in (refused or b"")
    assert b"(6291556 bytes)" in (refused or b"")
