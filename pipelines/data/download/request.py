"""Requests a file over HTTP, or the rest of it (RFC 9110, sections 13.1.5 and 14)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, InvalidURL, responses
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from pipelines.errors import DownloadError

TIMEOUT_SECONDS = 30  # without a single byte
CHUNK = 1 << 18  # most bytes that are read at once
PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 206, 416
PASSING = {408, 425, 429, 500, 502, 503, 504}  # statuses after which a request is worth repeating


class BrokenOffError(Exception):
    """A request failed in a way that may pass."""


class OtherRangeError(BrokenOffError):
    """The server has not the rest that was asked for, and the next request must be for all of the file."""


@dataclass(frozen=True)
class Rest:
    """An answer: the file from byte `start` on, and the size of the whole file where the server tells it."""

    start: int
    total: int | None
    validator: str | None
    content_type: str
    body: HTTPResponse

    def chunks(self) -> Iterator[bytes]:
        """What arrives, piece by piece, as far as it does.

        Raises:
            BrokenOffError: the connection failed.
        """
        try:
            while chunk := self.body.read1(CHUNK):
                yield chunk
        except (OSError, HTTPException) as error:
            raise BrokenOffError(_words(error)) from error


@contextmanager
def request_rest(url: str, have: int, validator: str | None) -> Iterator[Rest]:
    """Requests what follows the first `have` bytes if the file is still the same, else all of it.

    Raises:
        DownloadError: the server refuses, or the URL is none.
        BrokenOffError: the request failed in a way that may pass.
    """
    headers = {"Accept-Encoding": "identity", "User-Agent": "scones-unlimited"}
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with _open(url, headers) as response:
        yield _rest(response, have)


def _open(url: str, headers: dict[str, str]) -> HTTPResponse:
    try:
        request = Request(url, headers=headers)  # noqa: S310 - the settings allow http and https only
        response: HTTPResponse = urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310 - as above  # nosec B310
    except HTTPError as error:
        error.close()
        raise _refused(error.code, url) from error
    except (ValueError, InvalidURL) as error:
        raise DownloadError(f"{url} is no address: {error}") from error
    except (OSError, HTTPException) as error:
        raise BrokenOffError(_words(error)) from error
    return response


def _refused(code: int, url: str) -> BrokenOffError | DownloadError:
    status = f"the server answers {code} {responses.get(code, '')}".rstrip()
    if code == RANGE_NOT_SATISFIABLE:
        return OtherRangeError(status)
    if code in PASSING:
        return BrokenOffError(status)
    return DownloadError(
        f"{url} could not be downloaded: {status}. Check the address; dataset.download in the configuration has it, "
        "and --from replaces it"
    )


def _words(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    return str(reason) or type(reason).__name__


def _rest(response: HTTPResponse, have: int) -> Rest:
    start, total = 0, response.length
    if response.status == PARTIAL_CONTENT:
        range_ = response.headers.get("Content-Range", "")
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", range_)
        if not found or int(found[1]) != have:
            raise OtherRangeError(f"the server was asked for the bytes from {have} on and answers with {range_!r}")
        start, total = have, None if found[2] == "*" else int(found[2])
    return Rest(start, total, _validator(response), response.headers.get_content_type(), response)


def _validator(response: HTTPResponse) -> str | None:
    """A name of this very version. A weak ETag is none: files that have it may differ."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
