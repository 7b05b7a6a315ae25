"""The boto3 clients: a container makes one for each service, at its first call."""

import functools

import boto3
from botocore.client import BaseClient
from botocore.config import Config

# Two attempts take at most 23 s, with at most 6 s between them. A call so ends before the functions' timeout (30 s by
# default); otherwise the workflow would see that timeout and not the typed error.
CALLS = Config(connect_timeout=1.5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})


@functools.cache
def client(service: str) -> BaseClient:
    """The client of an AWS service; boto3 takes region and endpoint from the environment."""
    return boto3.client(service, config=CALLS)
