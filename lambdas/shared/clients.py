"""The boto3 clients. A function's process makes one for each service, when it is first needed, and keeps it."""

import functools

import boto3
from botocore.client import BaseClient
from botocore.config import Config

# Two attempts take at most 23 s, with at most 6 s between them. So a call ends before the function's timeout (30 s by
# default), and the workflow sees the typed error instead of that timeout.
CALLS = Config(connect_timeout=1.5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})


@functools.cache
def client(service: str) -> BaseClient:
    """The client of an AWS service; boto3 takes region and endpoint from the environment."""
    return boto3.client(service, config=CALLS)
