"""Reads objects of S3 that may not be there."""

from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError


def get_if_there(s3: BaseClient, bucket: str, key: str) -> dict[str, Any] | None:
    """The answer of GetObject; None if there is no such object. Raises boto3's other errors."""
    try:
        found: dict[str, Any] = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return found
