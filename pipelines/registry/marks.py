"""Finds out which versions SageMaker has taken back when they were deployed, by the marks of `deploy-model`."""

from collections.abc import Sequence
from dataclasses import replace

from lambdas.deploy_model.definition import ours, stem
from lambdas.deploy_model.marks import is_rolled_back
from pipelines.aws import Aws
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.naming import Names


def marked_versions(aws: Aws, names: Names) -> list[ModelVersion]:
    """All versions, newest first, each with whether its latest endpoint configuration is marked as rolled back."""
    return with_marks(aws, names, versions(aws, names))


def with_marks(aws: Aws, names: Names, known: Sequence[ModelVersion]) -> list[ModelVersion]:
    """These versions, with their marks."""
    latest = latest_configs(aws, names)
    arns = {each.version: arn for each in known if (arn := latest.get(each.version))}
    marked = {version for version, arn in arns.items() if is_rolled_back(aws.sagemaker, arn)}
    return [replace(each, rolled_back=each.version in marked) for each in known]


def latest_configs(aws: Aws, names: Names) -> dict[int, str]:
    """The ARN of the latest endpoint configuration of each version that has one."""
    pattern = ours(names.model_package_group)
    pages = aws.sagemaker.get_paginator("list_endpoint_configs").paginate(
        NameContains=stem(names.model_package_group), SortBy="CreationTime", SortOrder="Ascending"
    )
    found = [
        (pattern.fullmatch(each["EndpointConfigName"]), each) for page in pages for each in page["EndpointConfigs"]
    ]
    return {int(match[1]): each["EndpointConfigArn"] for match, each in found if match}
