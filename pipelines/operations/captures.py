"""Waits until the endpoint's data capture has written what was sent."""

import json
import time
from collections.abc import Iterator

from pipelines.aws import Aws
from pipelines.settings.naming import Names

POLL_SECONDS = 1.0


def wait_for_captures(aws: Aws, names: Names, inference_ids: set[str], timeout_seconds: float) -> set[str]:
    """Waits until every inference is captured, or the time is over; returns the inferences that are missing."""
    deadline, seen_keys, missing = time.monotonic() + timeout_seconds, set[str](), set(inference_ids)
    while missing:
        for key in _keys(aws, names):
            if key not in seen_keys:
                seen_keys.add(key)
                missing -= set(_inference_ids(aws, names, key))
        if time.monotonic() > deadline:
            break
        if missing:
            time.sleep(POLL_SECONDS)
    return missing


def _keys(aws: Aws, names: Names) -> Iterator[str]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=names.bucket, Prefix=f"capture/{names.endpoint}/")
    for page in pages:
        yield from (each["Key"] for each in page.get("Contents", []))


def _inference_ids(aws: Aws, names: Names, key: str) -> Iterator[str]:
    body = aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read()
    for line in body.splitlines():
        yield json.loads(line)["eventMetadata"].get("inferenceId", "")
