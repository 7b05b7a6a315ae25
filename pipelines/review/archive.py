"""What the bucket holds of the review: records of photos that wait, the photos themselves, answers and ground truth."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from photos.limits import MAXIMUM_BYTES
from pipelines.aws import Aws, is_missing
from pipelines.errors import DataError
from pipelines.review.answers import Answer
from pipelines.review.records import Source
from pipelines.settings.naming import REVIEW_ANSWERS, WAITING_FOR_REVIEW, Names

JSON = "application/json"
GONE = {"NoSuchVersion", "PreconditionFailed", "412"}


@dataclass(frozen=True)
class Kept:
    """The record of a photo that waits: its key, and when it was written."""

    key: str
    written: datetime


class Archive:
    """The review's objects in the bucket of one environment. All methods raise boto3's errors."""

    def __init__(self, aws: Aws, names: Names) -> None:
        self._s3: Any = aws.s3
        self._bucket = names.bucket

    def waiting(self) -> list[Kept]:
        """The records of all photos that wait."""
        return [Kept(each["Key"], each["LastModified"]) for each in self._listed(WAITING_FOR_REVIEW)]

    def read(self, key: str) -> str:
        """The text of an object."""
        text: str = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read().decode()
        return text

    def renew(self, kept: Kept) -> str | None:
        """Writes a record anew, so that it counts as written now, and returns it; None if it has gone meanwhile."""
        try:
            text = self.read(kept.key)
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        self._s3.put_object(Bucket=self._bucket, Key=kept.key, Body=text.encode(), ContentType=JSON)
        return text

    def forget(self, execution: str) -> None:
        """Deletes the record of a photo that waits no longer."""
        self._s3.delete_object(Bucket=self._bucket, Key=f"{WAITING_FOR_REVIEW}{execution}.json")

    def keep(self, answer: Answer) -> None:
        """Keeps an answer: its ground truth first, if the reviewer could tell, and then the answer itself."""
        if answer.shown is not None:
            self._s3.put_object(Bucket=self._bucket, Key=answer.ground_truth_key, Body=answer.ground_truth.encode())
        body = json.dumps(answer.document, ensure_ascii=False).encode()
        self._s3.put_object(Bucket=self._bucket, Key=answer.key, Body=body, ContentType=JSON)

    def withdraw(self, answer: Answer) -> None:
        """Deletes an answer and its ground truth."""
        for key in (answer.key, answer.ground_truth_key):
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def answered(self, execution: str) -> list[str]:
        """Keys of the answers to a photo."""
        return [each["Key"] for each in self._listed(f"{REVIEW_ANSWERS}{execution}/")]

    def answers(self) -> dict[str, list[str]]:
        """Keys of all answers, by execution."""
        found: dict[str, list[str]] = {}
        for each in self._listed(REVIEW_ANSWERS):
            execution, slash, _ = each["Key"].removeprefix(REVIEW_ANSWERS).partition("/")
            if slash:
                found.setdefault(execution, []).append(each["Key"])
        return found

    def photo(self, source: Source) -> bytes:
        """The bytes of a photo, of the version that was uploaded. Raises DataError if it is gone or too large."""
        chosen: dict[str, str] = {"VersionId": source.s3_version_id} if source.s3_version_id else {}
        if source.s3_etag and not chosen:
            chosen = {"IfMatch": source.s3_etag}
        try:
            answer = self._s3.get_object(Bucket=source.s3_bucket, Key=source.s3_key, **chosen)
        except ClientError as error:
            if is_missing(error) or error.response["Error"]["Code"] in GONE:
                raise DataError("the photo is no longer there") from error
            raise
        with answer["Body"] as body:
            if answer["ContentLength"] > MAXIMUM_BYTES:
                raise DataError(f"the file has {answer['ContentLength']:,} bytes; at most {MAXIMUM_BYTES:,} are read")
            content: bytes = body.read()
        return content

    def _listed(self, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return (each for page in pages for each in page.get("Contents", []) if each["Key"].endswith(".json"))
