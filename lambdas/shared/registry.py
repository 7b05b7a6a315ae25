"""Looks up versions in the model registry."""

from typing import Any

from botocore.client import BaseClient

ABSENT = {"ValidationException", "ResourceNotFound"}  # codes of errors about a group or a version that is not there


def approved(sagemaker: BaseClient, group: str) -> list[dict[str, Any]]:
    """The approved versions of a group, as ListModelPackages has them, the one with the highest number first."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus="Approved"
    )
    found = [each for page in pages for each in page["ModelPackageSummaryList"]]
    return sorted(found, key=lambda each: each["ModelPackageVersion"], reverse=True)
