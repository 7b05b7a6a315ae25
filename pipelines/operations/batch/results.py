"""Reads the results that Step Functions wrote: one row a photo, whatever became of it.

Source of the format: "ResultWriter" in AWS's developer guide for Step Functions.
"""

import json
from collections.abc import Iterator
from typing import Any

from lambdas.classify_batch.items import photo_of
from lambdas.classify_batch.rows import Row, no_photo, undecided
from lambdas.shared.errors import InvalidRequest
from pipelines.aws import Aws
from pipelines.errors import AwsError


def rows(aws: Aws, output: str) -> Iterator[Row]:
    """The rows of a run, by the output of its execution; one after the other, so that a million need no memory.

    Raises:
        AwsError: the output is not that of a distributed map with a ResultWriter.
    """
    try:
        manifest = json.loads(output)["ResultWriterDetails"]
        listed = json.loads(_open(aws, manifest["Bucket"], manifest["Key"]).read())
        bucket, files = listed["DestinationBucket"], listed["ResultFiles"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsError(f"the execution's output names no results: {output[:200]}") from error
    for outcome in files:
        for file in files[outcome]:
            for line in _open(aws, bucket, file["Key"]).iter_lines(chunk_size=2**16):
                found = json.loads(line)
                yield from [found] if outcome == "SUCCEEDED" else not_done(found)


def not_done(execution: dict[str, Any]) -> Iterator[Row]:
    """The rows of a batch whose child execution failed: photos without an answer, for the execution's reason."""
    batch = json.loads(execution["Input"])
    reason = ": ".join(execution[part] for part in ("Error", "Cause") if execution.get(part)) or execution["Status"]
    source = batch["BatchInput"]["source"]
    for item in batch["Items"]:
        try:
            photo = photo_of(item, source["bucket"], encoded=source["format"] == "inventory")
        except InvalidRequest as error:
            yield no_photo(item, source["bucket"], error)
        else:
            yield undecided(photo, "failed", reason)


def _open(aws: Aws, bucket: str, key: str) -> Any:  # noqa: ANN401 - the body of an S3 object
    return aws.s3.get_object(Bucket=bucket, Key=key)["Body"]
