"""How long the local AWS takes to start with what it remembers, and what remembering costs.

Run as `python benchmarks/local_restart.py [--objects N] [--versions V]`: makes objects and model versions, restarts,
and prints the figures of one run. Processor time is that of the local AWS, which a busy machine changes little.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psutil

from local.server.embedded import LocalAws, start

REGION = "eu-west-1"
BUCKET = "bench"
GROUP = "models"
BODY = b"x" * 2_000


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        empty, _ = timed_start(data)
        with started(data) as aws:
            pauses = fill(aws, options.objects, options.versions)
        size = sum(path.stat().st_size for path in (data / "memory").rglob("*") if path.is_file())
        full, found = timed_start(data)
    made = {"objects": options.objects, "versions": options.versions}
    if found != made:
        raise SystemExit(f"made {made}, but found {found}")
    print(f"{options.objects} objects, {options.versions} versions: {size / 1e6:.1f} MB on disk")
    print(f"start until it answers, without anything: {empty}; with all of it: {full}")
    print(
        f"PutObject from four threads: median {statistics.median(pauses) * 1e3:.1f} ms, "
        f"99 % below {quantile(pauses) * 1e3:.1f} ms, longest {max(pauses) * 1e3:.0f} ms"
    )


@contextmanager
def started(data: Path) -> Iterator[LocalAws]:
    """A local AWS in a folder."""
    with start(data, REGION) as aws:
        yield aws


def timed_start(data: Path) -> tuple[str, dict[str, int]]:
    """How long a local AWS takes until it answers, and what it holds."""
    began = time.perf_counter()
    with started(data) as aws:
        s3 = client(aws, "s3")
        s3.list_buckets()
        seconds = time.perf_counter() - began
        spent = psutil.Process(json.loads((data / "server.json").read_text())["pid"]).cpu_times()
        return f"{seconds:.2f} s ({spent.user + spent.system:.2f} s of processor)", held(aws, s3)


def held(aws: LocalAws, s3: Any) -> dict[str, int]:  # noqa: ANN401
    """How many objects and versions there are."""
    if not s3.list_buckets()["Buckets"]:
        return {}
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    packages = client(aws, "sagemaker").get_paginator("list_model_packages").paginate(ModelPackageGroupName=GROUP)
    return {
        "objects": sum(page["KeyCount"] for page in pages),
        "versions": sum(len(page["ModelPackageSummaryList"]) for page in packages),
    }


def fill(aws: LocalAws, objects: int, versions: int) -> list[float]:
    """Makes objects and versions. Returns the seconds of each PutObject."""
    s3, sagemaker = client(aws, "s3"), client(aws, "sagemaker")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)
    for _ in range(versions):
        sagemaker.create_model_package(ModelPackageGroupName=GROUP, ModelApprovalStatus="Approved")

    def put(number: int) -> float:
        began = time.perf_counter()
        s3.put_object(Bucket=BUCKET, Key=f"{number % 100}/{number}", Body=BODY)
        return time.perf_counter() - began

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(put, range(objects)))


def quantile(seconds: list[float]) -> float:
    """What 99 of 100 do not exceed."""
    return statistics.quantiles(seconds, n=100)[-1]


def client(aws: LocalAws, service: str) -> Any:  # noqa: ANN401
    """A client of a local AWS."""
    return boto3.client(
        service,
        endpoint_url=aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
    )


if __name__ == "__main__":
    main()
