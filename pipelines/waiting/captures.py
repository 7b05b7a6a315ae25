"""Waits until the endpoint's data capture contains the inferences that were sent."""

import json
from collections.abc import Iterator

from pipelines.aws import Aws
from pipelines.settings.naming import Names
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 1.0


def wait_for_captures(
    aws: Aws, names: Names, inference_ids: set[str], timeout_seconds: float, clock: Clock = CLOCK
) -> set[str]:
    """Waits until all inferences are captured or the time is over; returns the IDs of those that are missing."""
    seen_keys, missing = set[str](), set(inference_ids)

    def all_captured() -> bool | None:
        for key in _keys(aws, names) if missing else ():
            if key not in seen_keys:
                seen_keys.add(key)
                missing.difference_update(_inference_ids(aws, names, key))
        return None if missing else True

    poll(all_captured, timeout_seconds, POLL_SECONDS, clock)
    return missing


def _keys(aws: Aws, names: Names) -> Iterator[str]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=names.bucket, Prefix=f"capture/{names.endpoint}/")
    for page in pages:
        yield from (each["Key"] for each in page.get("Contents", []))


def _inference_ids(aws: Aws, names: Names, key: str) -> Iterator[str]:
    body = aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read()
    for line in body.splitlines():
        metadata = json.loads(line)["eventMetadata"]
        if "inferenceId" in metadata:
            yield metadata["inferenceId"]
