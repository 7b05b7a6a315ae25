"""boto3 clients: one a service and container, made at the first call."""

import functools

import boto3
from botocore.client import BaseClient
from botocore.config import Config

# The functions end after 30 s by default: a call must give up before, or the typed error is lost in a timeout.
CALLS = Config(connect_timeout=3, read_timeout=12, retries={"mode": "standard", "total_max_attempts": 2})


@functools.cache
def client(service: str) -> BaseClient:
    """The container's client of an AWS service, for the region and endpoint of the container's environment."""
    return boto3.client(service, config=CALLS)
