"""Addresses of objects in S3."""

from urllib.parse import quote


def split(uri: str) -> tuple[str, str]:
    """The bucket and the key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def console_link(uri: str, region: str) -> str:
    """Where AWS's console shows an object, for whoever is logged in."""
    bucket, key = split(uri)
    domain = "amazonaws.cn" if region.startswith("cn-") else "aws.amazon.com"
    return f"https://{region}.console.{domain}/s3/object/{bucket}?region={region}&prefix={quote(key)}"
