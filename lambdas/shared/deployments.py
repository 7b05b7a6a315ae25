"""What `deploy-model` leaves in SageMaker: how things are named, what the endpoint serves, and configurations' marks.

Configurations are named after version and contents, so a mark on one is about exactly this version with these settings.
"""

import re
from collections.abc import Collection

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.registry import ABSENT

VARIANT = "AllTraffic"  # of every endpoint configuration
ROLLED_BACK = "rolled-back"  # the tag of a configuration that SageMaker took back; only people remove it
NO_INSTANCES = "no-instances"  # the tag of one for which there were none when it was tried last, until it serves


def stem(group: str) -> str:
    """How the names of all models and endpoint configurations of a group begin, up to the version."""
    return f"{group[:40].rstrip('-')}-v"


def ours(group: str) -> re.Pattern[str]:
    """What the names of a group's models and endpoint configurations match; its first group is the version."""
    return re.compile(re.escape(stem(group)) + r"(\d+)-[0-9a-f]{8}")


def scalable_target(endpoint_name: str) -> dict[str, str]:
    """The arguments that name the endpoint's variant in all operations of Application Auto Scaling."""
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint_name}/variant/{VARIANT}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }


def is_rolled_back(sagemaker: BaseClient, config_arn: str) -> bool:
    """Whether a configuration was rolled back, and nobody has removed the mark."""
    return ROLLED_BACK in tags(sagemaker, config_arn)


def tags(sagemaker: BaseClient, arn: str) -> dict[str, str]:
    """The tags of a resource; none if there is no such resource."""
    try:
        pages = list(sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn))
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return {}
        raise
    return {each["Key"]: each["Value"] for page in pages for each in page["Tags"]}


def marks(sagemaker: BaseClient, group: str, versions: Collection[int]) -> dict[int, dict[str, str]]:
    """The tags of the latest endpoint configuration of each of these versions that has one."""
    latest = latest_configs(sagemaker, group)
    return {version: tags(sagemaker, latest[version]) for version in versions if version in latest}


def latest_configs(sagemaker: BaseClient, group: str) -> dict[int, str]:
    """The ARN of the latest endpoint configuration of each version that has one."""
    pattern = ours(group)
    pages = sagemaker.get_paginator("list_endpoint_configs").paginate(
        NameContains=stem(group), SortBy="CreationTime", SortOrder="Ascending"
    )
    found = [
        (pattern.fullmatch(each["EndpointConfigName"]), each) for page in pages for each in page["EndpointConfigs"]
    ]
    return {int(match[1]): each["EndpointConfigArn"] for match, each in found if match}


def served_packages(sagemaker: BaseClient, endpoint_config: str) -> list[str]:
    """The ARNs of the model packages behind an endpoint configuration."""
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint_config)
    models = [sagemaker.describe_model(ModelName=each["ModelName"]) for each in config["ProductionVariants"]]
    containers = [
        container for model in models for container in [model.get("PrimaryContainer", {}), *model.get("Containers", [])]
    ]
    return [container["ModelPackageName"] for container in containers if "ModelPackageName" in container]
