"""Directory buckets, whose requests are signed for a service of their own, are refused by name."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import ACCOUNT, REGION

NAME = "photos--euw1-az1--x-s3"
ARN = f"arn:aws:s3express:{REGION}:{ACCOUNT}:bucket/{NAME}"
REQUESTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "list": ("s3", lambda s3: s3.list_directory_buckets()),
    "put": ("s3", lambda s3: s3.put_object(Bucket=NAME, Key="a b", Body=b"1")),
    "tags": ("s3control", lambda control: control.list_tags_for_resource(AccountId=ACCOUNT, ResourceArn=ARN)),
    "access points": ("s3control", lambda control: control.list_access_points_for_directory_buckets(AccountId=ACCOUNT)),
}


@pytest.mark.parametrize("request_of", REQUESTS.values(), ids=REQUESTS)
def test_directory_buckets_are_refused(aws: LocalAws, request_of: tuple[str, Callable[[Any], Any]]) -> None:
    service, ask = request_of
    made = boto3.client(
        service,
        endpoint_url=aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ClientError, match=r"\(NotImplemented\).*no directory buckets"):
        ask(made)
