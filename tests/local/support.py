"""What tests of the local AWS share and is no fixture: names, clients, archives, looking at processes and objects."""

import io
import json
import subprocess
import tarfile
import textwrap
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import psutil

from local.server.embedded import LocalAws

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/tests"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/image:1"
BUCKET = "tests-bucket"
STOP_SECONDS = 3  # between SIGTERM and SIGKILL
DEPLOYMENT_SPEED = 60  # how much faster a deployment's waiting times pass than on AWS
TIME_ZONE = "Asia/Tokyo"  # of the local AWS, so that no time in it is right by chance
CLUSTER = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}}
Wait = Callable[..., Any]
Hear = Callable[[str], None]


def client(local_aws: LocalAws, service: str) -> Any:
    """A client that sees nothing but the local AWS."""
    return boto3.client(
        service,
        endpoint_url=local_aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=local_aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=local_aws.environment["AWS_SECRET_ACCESS_KEY"],
    )


def announced(server: subprocess.Popen[str]) -> LocalAws:
    """The local AWS that a process says to be, in its first line."""
    assert server.stdout is not None
    return LocalAws(**json.loads(server.stdout.readline()))


def create_bucket(local_aws: LocalAws) -> Any:
    """Make the bucket of the tests; the S3 client that made it."""
    s3 = client(local_aws, "s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return s3


def stored(s3: Any, uri: str) -> bytes:
    """The bytes of an object."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def count(s3: Any, prefix: str) -> dict[str, int]:
    """How many objects there are below a prefix, as `n`."""
    return {"n": s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["KeyCount"]}


def zipped(source: str) -> bytes:
    """A Lambda package with one module, `handler`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", textwrap.dedent(source))
    return buffer.getvalue()


def tarred(files: dict[str, str]) -> bytes:
    """A tar.gz of text files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            content = textwrap.dedent(text).encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
