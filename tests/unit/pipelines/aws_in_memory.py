"""AWS in the test's process: an account on moto, and answers to the calls that moto lacks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.validate import validate_parameters
from moto import mock_aws

from pipelines.settings.naming import Names

ACCOUNT = "123456789012"


@contextmanager
def account_with_bucket(names: Names) -> Iterator[boto3.Session]:
    """A boto3 session on moto, in an account that has the environment's bucket."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(key, "test")
        patch.setenv("AWS_DEFAULT_REGION", names.region)
        patch.setenv("SAGEMAKER_VALIDATE_ROLE", "false")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        session = boto3.Session(region_name=names.region)
        _maker_of_buckets(names.region).create_bucket(
            Bucket=names.bucket, CreateBucketConfiguration={"LocationConstraint": names.region}
        )
        yield session


@cache
def _maker_of_buckets(region: str) -> BaseClient:
    """One client for all accounts: to make it takes much longer than to make a bucket."""
    return boto3.Session("test", "test", region_name=region).client("s3")


def answer(client: BaseClient, operation: str, respond: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Answers an operation of a client in place of moto. botocore checks both the request and the answer."""

    def reply(model: Any, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        answered = respond(json.loads(params["body"])) or {}
        if model.output_shape is not None:
            validate_parameters(answered, model.output_shape)
        return AWSResponse("", 200, {}, None), answered

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-call.{service}.{operation}", reply)
