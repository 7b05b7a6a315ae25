"""Reads who claims to have signed a request, in each of the forms that clients of AWS use."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from werkzeug.wrappers import Request

V4 = "AWS4-HMAC-SHA256"
HEADER = re.compile(
    rf"{V4}\s+Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>\S+)"
)
MOMENT = "%Y%m%dT%H%M%SZ"
Form = Literal["header", "url", "old url", "form"]


@dataclass(frozen=True)
class Claim:
    """What a request says about its signature. `form` is where it says so, and thereby how it is computed."""

    form: Form
    access_key: str
    service: str
    signature: str
    token: str
    moment: datetime  # of signing; of an old presigned URL, when it expires
    seconds: int = 0  # for which a presigned URL is valid
    scope: str = ""  # day/region/service/aws4_request
    signed_headers: tuple[str, ...] = ()


def read_claim(request: Request) -> Claim | None:
    """The claim in a request's headers or URL; None if there is none. Raises ValueError if it is malformed."""
    if authorization := request.headers.get("Authorization"):
        match = HEADER.fullmatch(authorization.strip())
        if match is None:
            raise ValueError(f"only {V4} signatures with Credential, SignedHeaders and Signature are supported")
        token = request.headers.get("X-Amz-Security-Token", "")
        return of_credential(
            "header", match["credential"], match["headers"], match["signature"], token, _moment(request)
        )
    query = request.args
    if "X-Amz-Credential" in query:
        if query.get("X-Amz-Algorithm") != V4:
            raise ValueError(f"X-Amz-Algorithm is not {V4}")
        moment, seconds = _parsed(query.get("X-Amz-Date", "")), int(query.get("X-Amz-Expires", "0"))
        if not 1 <= seconds <= 604_800:
            raise ValueError("X-Amz-Expires is not between 1 and 604800 seconds")
        headers, signature = query.get("X-Amz-SignedHeaders", ""), query.get("X-Amz-Signature", "")
        token = query.get("X-Amz-Security-Token", "")
        return of_credential("url", query["X-Amz-Credential"], headers, signature, token, moment, seconds)
    if "AWSAccessKeyId" in query:
        expires = datetime.fromtimestamp(int(query.get("Expires", "")), UTC)
        token = query.get("x-amz-security-token", "")
        return Claim("old url", query["AWSAccessKeyId"], "s3", query.get("Signature", ""), token, expires)
    return None


def of_credential(
    form: Form,
    credential: str,
    headers: str,
    signature: str,
    token: str,
    moment: datetime,
    seconds: int = 0,
) -> Claim:
    """A claim of version 4. Raises ValueError if the credential is malformed, or of another day than the moment."""
    access_key, _, scope = credential.partition("/")
    day, region, service, ending = scope.split("/")
    if not (access_key and region and service) or ending != "aws4_request":
        raise ValueError("Credential is not of the form key/day/region/service/aws4_request")
    if day != moment.strftime("%Y%m%d"):
        raise ValueError("the day in Credential is not that of the date")
    signed = tuple(name.lower() for name in headers.split(";"))
    return Claim(form, access_key, service, signature, token, moment, seconds, scope, signed)


def _moment(request: Request) -> datetime:
    """When a request was signed: X-Amz-Date, or else Date in the same form or in that of HTTP."""
    text = request.headers.get("X-Amz-Date") or request.headers.get("Date", "")
    try:
        return _parsed(text)
    except ValueError:
        return parsedate_to_datetime(text).astimezone(UTC)


def _parsed(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
