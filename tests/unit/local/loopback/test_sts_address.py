"""Clients that name AWS's own address of STS, as the SageMaker SDK does, ask the local AWS in its place."""

import boto3
import pytest
from botocore.awsrequest import AWSRequest

from local.loopback.sts_address import SETTING

LOCAL = "http://127.0.0.1:4566"
REGIONAL = "https://sts.eu-west-1.amazonaws.com"


def asked(monkeypatch: pytest.MonkeyPatch, endpoint: str | None, url: str, service: str = "sts") -> str:
    """The URL that a client signs, which was made for `url` while AWS_ENDPOINT_URL was `endpoint`."""
    for name, value in {**SETTING, "AWS_ENDPOINT_URL": endpoint or ""}.items():
        monkeypatch.setenv(name, value)
    made = boto3.Session("key", "secret", region_name="eu-west-1").client(service, endpoint_url=url)
    request = AWSRequest("POST", f"{url}/")
    made.meta.events.emit(f"before-sign.{service}", request=request)
    return str(request.url)


@pytest.mark.parametrize("url", [REGIONAL, "https://sts.amazonaws.com", "https://sts.cn-north-1.amazonaws.com.cn"])
def test_the_local_aws_is_asked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert asked(monkeypatch, LOCAL, url) == f"{LOCAL}/"


@pytest.mark.parametrize(
    ("endpoint", "url", "service"),
    [
        (None, REGIONAL, "sts"),
        ("https://elsewhere.example", REGIONAL, "sts"),  # a leftover of the setting changes nothing elsewhere
        (LOCAL, "https://sts.eu-west-1.amazonaws.com.evil.example", "sts"),
        (LOCAL, "https://iam.amazonaws.com", "iam"),
    ],
)
def test_other_requests_stay(monkeypatch: pytest.MonkeyPatch, endpoint: str | None, url: str, service: str) -> None:
    assert asked(monkeypatch, endpoint, url, service) == f"{url}/"
