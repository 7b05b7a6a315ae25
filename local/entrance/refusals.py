"""Why a signature is refused, in the words that the protocol of the service has for it."""

from typing import Literal

from werkzeug.wrappers import Request

from local.protocol.error_responses import is_json, is_query
from local.protocol.errors import ServiceError

Reason = Literal["missing", "malformed", "unknown", "token", "expired", "mismatch", "skewed", "url expired"]
# Codes of S3, of the query protocol (and SQS, which keeps its codes), and of JSON and REST.
CODES: dict[Reason, tuple[str, str, str]] = {
    "missing": ("AccessDenied", "MissingAuthenticationToken", "MissingAuthenticationTokenException"),
    "malformed": ("AuthorizationHeaderMalformed", "IncompleteSignature", "IncompleteSignatureException"),
    "unknown": ("InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"),
    "token": ("InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException"),
    "expired": ("ExpiredToken", "ExpiredToken", "ExpiredTokenException"),
    "mismatch": ("SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException"),
    "skewed": ("RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"),
    "url expired": ("AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException"),
}
TEXTS: dict[Reason, str] = {
    "missing": "Missing Authentication Token: the request is not signed",
    "malformed": "The signature cannot be read",
    "unknown": "The security token included in the request is invalid: this local AWS did not give out its access key. "
    "Each start has new ones; `scones local up` prints them",
    "token": "The security token included in the request is invalid",
    "expired": "The security token included in the request is expired",
    "mismatch": "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method",
    "skewed": "The difference between the request time and the current time is too large",
    "url expired": "Request has expired",
}


def refusal(request: Request, reason: Reason, detail: str = "") -> ServiceError:
    """The error for a request whose signature is refused."""
    code = CODES[reason][_family(request)]
    return ServiceError(code, TEXTS[reason] + (f": {detail}" if detail else ""), 403)


def _family(request: Request) -> int:
    target = request.headers.get("X-Amz-Target", "")
    if target.startswith("AmazonSQS."):
        return 1
    if target or request.headers.get("Smithy-Protocol"):
        return 2
    if is_json(request):
        return 2
    return 1 if is_query(request) else 0
