"""Computes the signature that a request must have. Pure.

Sources: "Create a signed AWS API request" in AWS's IAM guide, and "Signing and authenticating REST requests" in that of
S3 for old presigned URLs, which boto3 still makes by default.
"""

import hashlib
import hmac
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from botocore.auth import HmacV1Auth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from botocore.utils import normalize_url_path
from werkzeug.wrappers import Request

from local.entrance.claims import MOMENT, V4, Claim
from local.runtime.keys import Key


def signature_v4(request: Request, claim: Claim, key: Key, payload: str) -> str:
    """The signature of version 4; `payload` is the body's digest, or what stands in its place."""
    path, _, query = raw_url(request).partition("?")
    left_out = "X-Amz-Signature" if claim.form == "url" else ""
    headers = "".join(f"{name}:{_header(request, name)}\n" for name in claim.signed_headers)
    canonical = "\n".join(
        [
            request.method,
            _coded(path, "/") if claim.service in ("s3", "s3express") else quote(normalize_url_path(path), safe="/~"),
            _query(query, left_out),
            headers,
            ";".join(claim.signed_headers),
            payload,
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join([V4, claim.moment.strftime(MOMENT), claim.scope, digest])
    return hmac.new(signing_key(claim.scope, key), text.encode(), hashlib.sha256).hexdigest()


def signing_key(scope: str, key: Key) -> bytes:
    """The key of a day, region and service, which makes the signatures of version 4."""
    made = f"AWS4{key.secret}".encode()
    for part in scope.split("/"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made


class _OldUrl(HmacV1Auth):  # type: ignore[misc]
    """botocore's signer of old presigned URLs, for a given time of expiry."""

    def __init__(self, key: Key, expires: int) -> None:
        super().__init__(Credentials(key.access_key, key.secret, key.token or None))
        self._expires = expires

    def _get_date(self) -> str:
        return str(self._expires)


def signature_of_old_url(request: Request, claim: Claim, key: Key) -> str:
    """The signature of a presigned URL of S3 of version 2. Its headers may also stand in the query."""
    given = {name.lower(): value for name, value in [*request.args.items(), *request.headers.items()]}
    headers = HTTPHeaders()
    for name, value in given.items():
        if name.startswith("x-amz-") or name in ("content-md5", "content-type"):
            headers[name] = value
    path, _, query = raw_url(request).partition("?")
    if path.count("/") == 1 and path != "/":  # a bucket alone
        path += "/"
    signer = _OldUrl(key, int(claim.moment.timestamp()))
    found: str = signer.get_signature(request.method, SplitResult("", "", path, query, ""), headers)
    return found


def raw_url(request: Request) -> str:
    """Path and query as they were sent."""
    sent: str = request.environ["RAW_URI"]
    return sent if sent.startswith("/") else urlsplit(sent)._replace(scheme="", netloc="").geturl()


def _query(query: str, left_out: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    coded = sorted((_coded(name, ""), _coded(value, "")) for name, _, value in pairs if name != left_out)
    return "&".join(f"{name}={value}" for name, value in coded)


def _coded(text: str, safe: str) -> str:
    """A part of a URL in the one encoding that counts, in whichever it was sent."""
    return quote(unquote_to_bytes(text), safe=f"{safe}-_.~")


def _header(request: Request, name: str) -> str:
    """A header without superfluous blanks. WSGI has read its bytes as Latin-1."""
    return " ".join(request.headers.get(name, "").encode("latin-1").decode("utf-8", "replace").split())
