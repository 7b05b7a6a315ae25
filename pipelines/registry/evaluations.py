"""Reads the evaluations that EvaluateModel wrote for registered versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws, is_missing, split_s3_uri
from pipelines.errors import DataError
from pipelines.registry.versions import ModelVersion


@dataclass(frozen=True)
class EvaluatedVersion:
    """A model version and the content of its `evaluation.json`."""

    version: ModelVersion
    document: Mapping[str, Any]

    def was_compared_with(self, other: "EvaluatedVersion") -> bool:
        """Whether the evaluation has a paired comparison with the other version, which was the champion then."""
        champion = self.document["champion"]
        return bool(champion) and champion["model_version"] == other.document["model_version"]


LINK_SECONDS = 3600


def page_link(aws: Aws, version: ModelVersion) -> str:
    """A link to a version's decision page that works for an hour, for whoever has it.

    Raises:
        DataError: the version refers to no decision page.
    """
    uri = version.metadata.get("decision_page", "")
    if not uri.startswith("s3://"):
        raise DataError(f"version {version.version} refers to no decision page; it was not registered by this pipeline")
    bucket, key = split_s3_uri(uri)
    shown = {"Bucket": bucket, "Key": key, "ResponseContentType": "text/html; charset=utf-8"}
    link: str = aws.s3.generate_presigned_url("get_object", Params=shown, ExpiresIn=LINK_SECONDS)
    return link


def read(aws: Aws, version: ModelVersion) -> EvaluatedVersion:
    """Reads a version's evaluation.

    Raises:
        DataError: the version refers to no evaluation, or the evaluation has been deleted.
    """
    uri = version.metadata.get("evaluation", "")
    if not uri.startswith("s3://"):
        lacking = f", and it cannot be deployed: {version.defect}" if version.defect else ""
        raise DataError(
            f"version {version.version} refers to no evaluation; it was not registered by this pipeline{lacking}"
        )
    bucket, key = split_s3_uri(uri)
    try:
        body = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if is_missing(error):
            raise DataError(
                f"the evaluation of version {version.version} has been deleted: {uri} does not exist"
            ) from error
        raise
    return EvaluatedVersion(version, json.loads(body))
