"""Keeps the rows of each batch in S3, so that a run that is started again does no batch twice."""

import json

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.classify_batch.batch import Batch
from lambdas.classify_batch.rows import Row
from lambdas.shared.errors import StorageUnavailable
from lambdas.shared.objects import get_if_there


def recall(s3: BaseClient, bucket: str, batch: Batch) -> list[Row] | None:
    """The rows of a batch that this run has answered before, else None; raises StorageUnavailable."""
    try:
        found = get_if_there(s3, bucket, key(batch))
        rows: list[Row] | None = json.loads(found["Body"].read()) if found else None
    except (ClientError, BotoCoreError) as error:
        raise StorageUnavailable(f"{key(batch)} cannot be read: {error}") from error
    return rows


def remember(s3: BaseClient, bucket: str, batch: Batch, rows: list[Row]) -> None:
    """Keeps the rows of a batch; raises StorageUnavailable."""
    try:
        s3.put_object(Bucket=bucket, Key=key(batch), Body=json.dumps(rows).encode(), ContentType="application/json")
    except (ClientError, BotoCoreError) as error:
        raise StorageUnavailable(f"{key(batch)} cannot be written: {error}") from error


def key(batch: Batch) -> str:
    """Where the rows of a batch are kept."""
    return f"batches/{batch.run}/parts/{batch.digest}.json"
