import hashlib
import io
from typing import Any

import pytest

from local.entrance.bodies import Body, upload_bytes
from local.protocol.errors import LocalAwsError, ServiceError

CONTENT = b"one\ntwo"


def environ(content: bytes = CONTENT, *, chunked: bool = False, **more: Any) -> dict[str, Any]:
    known = {"wsgi.input_terminated": True} if chunked else {"CONTENT_LENGTH": str(len(content))}
    rest = b"" if chunked else b" and the next request"
    return {"wsgi.input": io.BytesIO(content + rest), **known, **more}


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_read_to_its_end(chunked: bool) -> None:
    for read in (lambda body: body.read(), lambda body: body.readline() + body.read(2) + body.read(1) + body.read(9)):
        given = environ(chunked=chunked)
        body = Body(given, "s3", 7)
        body.expect(hashlib.sha256(CONTENT).hexdigest())
        assert given["wsgi.input"] is body
        assert read(body) == CONTENT
        assert body.read() == b""


@pytest.mark.parametrize("chunked", [False, True])
def test_another_body_is_an_error_at_its_end(chunked: bool) -> None:
    body = Body(environ(chunked=chunked), "s3", 100)
    body.expect(hashlib.sha256(b"other").hexdigest())
    with pytest.raises(ServiceError, match="does not match"):
        list(iter(lambda: body.read(3), b""))


def test_no_body_has_a_digest_too() -> None:
    body = Body({"wsgi.input": io.BytesIO()}, "s3", 100)
    body.expect(hashlib.sha256().hexdigest())
    with pytest.raises(ServiceError, match="does not match"):
        body.expect(hashlib.sha256(b"x").hexdigest())


@pytest.mark.parametrize("chunked", [False, True])
def test_one_byte_too_many(chunked: bool) -> None:
    with pytest.raises(ServiceError, match="at most 6 bytes") as caught:
        Body(environ(chunked=chunked), "lambda", 6).read()
    assert (caught.value.code, caught.value.status) == ("RequestTooLargeException", 413)


def test_the_size_of_uploads_can_be_chosen() -> None:
    assert upload_bytes({}) == 2**30
    assert upload_bytes({"LOCAL_AWS_UPLOAD_MIB": "3"}) == 3 * 2**20
    for wrong in ("0", "-1", "1.5", "many", ""):
        with pytest.raises(LocalAwsError, match="LOCAL_AWS_UPLOAD_MIB must be a whole number"):
            upload_bytes({"LOCAL_AWS_UPLOAD_MIB": wrong})
