"""Makes sure that a request was signed with a key that this local AWS gave out; refuses it as AWS does otherwise."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from moto.core.request import Request

from local.entrance.bodies import EMPTY, OTHER_BYTES, Body
from local.entrance.claims import Claim, read_claim
from local.entrance.forms import Form
from local.entrance.refusals import refusal
from local.entrance.signatures import signature_of_old_url, signature_v4
from local.iam.identities.keys import find_key
from local.protocol.calls import replace_body
from local.protocol.errors import ServiceError
from local.runtime.context import Context
from local.runtime.keys import Key

SKEW = timedelta(minutes=15)
UNSIGNED = "UNSIGNED-PAYLOAD"
DIGEST = re.compile(r"[0-9a-f]{64}")


class Identity:
    """Checks signatures. `upload_bytes` is the largest body that S3 takes."""

    def __init__(self, context: Context, upload_bytes: int) -> None:
        self._context = context
        self._upload_bytes = upload_bytes

    def check(self, request: Request) -> Claim:
        """Who signed a request. Raises ServiceError unless the signature is right, and the body is what was signed.

        The body of a request to S3 is compared while it is read, that of another now.
        """
        try:
            claim = read_claim(request)
            if claim is None and request.method == "POST" and request.mimetype == "multipart/form-data":
                return self._check_form(request)
        except (ValueError, TypeError, LookupError, OverflowError, OSError) as error:
            raise refusal(request, "malformed", str(error)) from error
        if claim is None:
            raise refusal(request, "missing")
        key = self._key(request, claim)
        _check_time(request, claim)
        body = Body(request.environ, claim.service, self._upload_bytes if claim.service == "s3" else OTHER_BYTES)
        if claim.form == "old url":
            _compare(request, claim, signature_of_old_url(request, claim, key))
            return claim
        _check_headers(request, claim)
        payload = _payload(request, claim)
        _compare(request, claim, signature_v4(request, claim, key, payload))
        if claim.service == "s3" and claim.form == "header" and DIGEST.fullmatch(payload):
            body.expect(payload)
        return claim

    def _check_form(self, request: Request) -> Claim:
        Body(request.environ, "s3", OTHER_BYTES)  # it is read before anybody knows whose it is
        form = Form(request)
        claim = form.claim()
        if claim is None:
            raise refusal(request, "missing")
        _compare(request, claim, form.signature(claim, self._key(request, claim)))
        if complaint := form.complaint():
            raise ServiceError("AccessDenied", f"Invalid according to Policy: {complaint}", 403)
        return claim

    def _key(self, request: Request, claim: Claim) -> Key:
        key = find_key(self._context, claim.access_key)
        if key is None:
            raise refusal(request, "unknown")
        if key.token and not hmac.compare_digest(key.token.encode(), claim.token.encode()):
            raise refusal(request, "token")  # the token of a key that has none is a leftover of the shell
        if key.expired:
            raise refusal(request, "expired")
        return key


def _compare(request: Request, claim: Claim, computed: str) -> None:
    if not hmac.compare_digest(computed.encode(), claim.signature.encode()):
        raise refusal(request, "mismatch")


def _check_time(request: Request, claim: Claim) -> None:
    now = datetime.now(UTC)
    if claim.form == "old url":
        if now > claim.moment:
            raise refusal(request, "url expired")
    elif claim.moment > now + SKEW or (claim.form == "header" and claim.moment < now - SKEW):
        raise refusal(request, "skewed")
    elif claim.form == "url" and now > claim.moment + timedelta(seconds=claim.seconds):
        raise refusal(request, "url expired")


def _check_headers(request: Request, claim: Claim) -> None:
    """All headers that mean something to AWS must be signed, or else somebody may have added them."""
    given = {name.lower() for name in dict(request.headers) if name.lower().startswith("x-amz-")}
    if missing := sorted(({"host"} | given) - set(claim.signed_headers)):
        raise refusal(request, "mismatch", f"these headers are not signed: {', '.join(missing)}")


def _payload(request: Request, claim: Claim) -> str:
    """The body's digest, or what the request says in its place."""
    given = request.headers.get("X-Amz-Content-SHA256") or request.args.get("X-Amz-Content-Sha256", "")
    if claim.service == "s3":
        return given or UNSIGNED
    body = request.get_data()
    replace_body(request, body)  # for moto to read it again
    digest = hashlib.sha256(body).hexdigest() if body else EMPTY
    if given not in ("", UNSIGNED, digest):
        raise refusal(request, "mismatch", "x-amz-content-sha256 is not the digest of the body")
    return given or digest
