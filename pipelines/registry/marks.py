"""Finds out what became of versions when they were deployed, by the marks of `deploy-model`."""

from collections.abc import Sequence
from dataclasses import replace

from lambdas.shared.deployments import NO_INSTANCES, ROLLED_BACK, marks
from pipelines.aws import Aws
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.naming import Names


def marked_versions(aws: Aws, names: Names) -> list[ModelVersion]:
    """All versions, newest first, each with the marks of its latest endpoint configuration."""
    return with_marks(aws, names, versions(aws, names))


def with_marks(aws: Aws, names: Names, known: Sequence[ModelVersion]) -> list[ModelVersion]:
    """These versions, with their marks."""
    if not known:
        return []
    found = marks(aws.sagemaker, names.model_package_group, [each.version for each in known])
    return [
        replace(each, rolled_back=ROLLED_BACK in tags, lacks_instances=NO_INSTANCES in tags)
        for each in known
        for tags in [found.get(each.version, {})]
    ]
