"""Requests that are signed but otherwise made by hand."""

from typing import Any

import urllib3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.server.embedded import LocalAws
from tests.local.support import REGION


def keys(aws: LocalAws) -> tuple[str, str]:
    """Access key and secret of the administrator."""
    return aws.environment["AWS_ACCESS_KEY_ID"], aws.environment["AWS_SECRET_ACCESS_KEY"]


def signed(aws: LocalAws, line: str, service: str, body: bytes, **headers: str) -> AWSRequest:
    """A signed request; `line` is its method and path, and a header's name may have _ for -."""
    method, _, path = line.partition(" ")
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, aws.endpoint_url + path, given, body)
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(*keys(aws)), service, REGION)
    signer.add_auth(request)
    return request


def send(request: AWSRequest, **changed: Any) -> urllib3.BaseHTTPResponse:
    """Sends a request, or what somebody has made of it on its way."""
    headers = {**dict(request.headers), **changed.pop("headers", {})}
    given: dict[str, Any] = {"method": request.method, "url": request.url, "body": request.body, **changed}
    return urllib3.request(headers=headers, retries=False, timeout=60, **given)
