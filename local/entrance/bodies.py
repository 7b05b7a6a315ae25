"""Bodies of requests: none is larger than its service takes, and each is the one that was signed."""

import hashlib
import re
from collections.abc import Mapping
from typing import IO

from local.protocol.errors import LocalAwsError, ServiceError
from local.protocol.json_types import Record

UPLOAD_VARIABLE = "LOCAL_AWS_UPLOAD_MIB"  # the largest body of one request to S3, in MiB
UPLOAD_MIB = 1024
OTHER_BYTES = 70 * 2**20  # of a request to any other service; the largest are the packages of Lambda functions, 50 MB
PIECE = 2**20
EMPTY = hashlib.sha256().hexdigest()


def upload_bytes(variables: Mapping[str, str]) -> int:
    """The largest body that S3 takes in one request. Raises LocalAwsError if LOCAL_AWS_UPLOAD_MIB is not a number."""
    text = variables.get(UPLOAD_VARIABLE, str(UPLOAD_MIB))
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise LocalAwsError(f"{UPLOAD_VARIABLE} must be a whole number of MiB, from 1 to 999999, not '{text}'")
    return int(text) * 2**20


class Body:
    """The stream of a body that raises ServiceError where it becomes too large, or ends as another than was signed."""

    def __init__(self, environ: Record, service: str, most: int) -> None:
        text = environ.get("CONTENT_LENGTH") or "0"
        chunked = "wsgi.input_terminated" in environ
        if not chunked and not re.fullmatch(r"[0-9]{1,18}", text):
            raise ServiceError("InvalidRequest", "Content-Length is not a number", 400)
        self._stream: IO[bytes] = environ["wsgi.input"]
        self._most, self._service = most, service
        self._length = None if chunked else int(text)
        self._read = 0
        self._wanted = ""
        self._digest = hashlib.sha256()
        self._allow(self._length or 0)
        environ["wsgi.input"] = self

    def expect(self, digest: str) -> None:
        """From now on, raises ServiceError XAmzContentSHA256Mismatch at the end of a body with another digest."""
        self._wanted = digest
        if self._length == 0:
            self._compare()

    def read(self, size: int = -1) -> bytes:
        """Reads `size` bytes, without a size all; fewer at the end."""
        left = self._left() if size is None or size < 0 else min(size, self._left())
        pieces: list[bytes] = []
        while left and (data := self._passed(self._stream.read(min(left, PIECE)))):
            pieces.append(data)
            left -= len(data)
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        """Reads up to the end of a line."""
        left = self._left()
        return self._passed(self._stream.readline(left if size is None or size < 0 else min(size, left)))

    def _left(self) -> int:
        """How much may be read. One byte more than is allowed shows that a body of unknown length is too large."""
        return (self._most + 1 if self._length is None else self._length) - self._read

    def _passed(self, data: bytes) -> bytes:
        self._read += len(data)
        self._allow(self._read)
        if self._wanted:
            self._digest.update(data)
            if self._read == self._length or (self._length is None and not data):
                self._compare()
        return data

    def _compare(self) -> None:
        if self._digest.hexdigest() != self._wanted:
            text = "The provided 'x-amz-content-sha256' header does not match what was computed."
            raise ServiceError("XAmzContentSHA256Mismatch", text, 400)

    def _allow(self, size: int) -> None:
        if size > self._most:
            code = "EntityTooLarge" if self._service == "s3" else "RequestTooLargeException"
            raise ServiceError(code, f"The body of a request to {self._service} has at most {self._most} bytes", 413)
