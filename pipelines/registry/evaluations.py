"""The evaluations of registered versions, as EvaluateModel wrote them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry.versions import ModelVersion


@dataclass(frozen=True)
class Evaluated:
    """A version, and the content of its `evaluation.json`."""

    version: ModelVersion
    document: Mapping[str, Any]

    def met(self, other: "Evaluated") -> bool:
        """Whether the other version was its champion, so that both were scored on the same photos, photo by photo."""
        champion = self.document["champion"]
        return bool(champion) and champion["model_version"] == other.document["model_version"]


def read(aws: Aws, version: ModelVersion) -> Evaluated:
    """Reads a version's evaluation.

    Raises:
        DataError: the version names none, or it is gone.
    """
    uri = version.metadata.get("evaluation", "")
    if not uri.startswith("s3://"):
        raise DataError(f"version {version.version} names no evaluation; it was not registered by this pipeline")
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        body = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchBucket", "404"}:
            raise DataError(f"the evaluation of version {version.version} is gone: there is no {uri}") from error
        raise
    return Evaluated(version, json.loads(body))
