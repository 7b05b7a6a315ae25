"""A version as the registry has it, and what its evaluation says first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.registry import ABSENT
from lambdas.shared.uris import split

WAITING = "PendingManualApproval"


@dataclass(frozen=True)
class Version:
    """A model package. `metadata` has what the training pipeline registered with it; other tools may register less."""

    arn: str
    number: int
    status: str
    metadata: Mapping[str, str]

    @classmethod
    def describe(cls, sagemaker: BaseClient, arn: str) -> Self:
        """Reads a version from the registry.

        Raises:
            InvalidRequest: there is no such version.

        """
        try:
            found: dict[str, Any] = sagemaker.describe_model_package(ModelPackageName=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                raise InvalidRequest(f"the registry has no {arn}: {error}") from error
            raise
        status = found.get("ModelApprovalStatus", WAITING)
        return cls(arn, found["ModelPackageVersion"], status, found.get("CustomerMetadataProperties", {}))

    @property
    def waits(self) -> bool:
        """Whether nobody has decided about it."""
        return self.status == WAITING


def headline(s3: BaseClient, version: Version) -> str:
    """The verdict on a version: the first line of its evaluation; a line that says so where there is none to read."""
    uri = version.metadata.get("evaluation", "")
    if not uri.startswith("s3://"):
        return "It refers to no evaluation, so it was not registered by the training pipeline."
    bucket, key = split(uri)
    try:
        document = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        return f"Its evaluation cannot be read: {error}"
    return str(document.get("headline", "Its evaluation has no headline."))
