"""What the function remembers between two calls: tags, which people see and can remove.

The endpoint is tagged with the configuration to which an update was begun, until that has ended, and as scaled where
the function has registered it with Application Auto Scaling. A configuration that was rolled back is tagged with the
time, and so is one for which there were no instances. Configurations are named after their contents, so such a mark is
about exactly this version with exactly these settings.
"""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.deployments import NO_INSTANCES, ROLLED_BACK, tags
from lambdas.shared.registry import ABSENT

BEGUN = "update-begun"
SCALED = "scaled"


@dataclass(frozen=True)
class Noted:
    """What the endpoint's tags say.

    `begun` is the configuration to which an update was begun, and of which nobody has seen the end.
    """

    begun: str | None
    scaled: bool


def of_endpoint(sagemaker: BaseClient, endpoint_arn: str) -> Noted:
    """What was noted about the endpoint."""
    found = tags(sagemaker, endpoint_arn)
    return Noted(found.get(BEGUN), SCALED in found)


def begin(sagemaker: BaseClient, endpoint_arn: str, config_name: str) -> None:
    """Remembers that an update was begun. Only after SageMaker has accepted it: a mark must never accuse a version.

    Whoever dies between the two leaves an update of which nobody knows. If that is rolled back, it is tried once more.
    """
    sagemaker.add_tags(ResourceArn=endpoint_arn, Tags=[{"Key": BEGUN, "Value": config_name}])


def end(sagemaker: BaseClient, endpoint_arn: str) -> None:
    """Forgets the update, because its end has been dealt with."""
    sagemaker.delete_tags(ResourceArn=endpoint_arn, TagKeys=[BEGUN])


def note_scaling(sagemaker: BaseClient, endpoint_arn: str) -> None:
    """Notes that the endpoint's variant is going to be registered with Application Auto Scaling."""
    sagemaker.add_tags(ResourceArn=endpoint_arn, Tags=[{"Key": SCALED, "Value": "true"}])


def forget_scaling(sagemaker: BaseClient, endpoint_arn: str) -> None:
    """Notes that the endpoint's variant is not scaled any more."""
    sagemaker.delete_tags(ResourceArn=endpoint_arn, TagKeys=[SCALED])


def lacked(sagemaker: BaseClient, config_arn: str) -> str | None:
    """When there were no instances for a configuration, if that is what ended its latest deployment."""
    return tags(sagemaker, config_arn).get(NO_INSTANCES)


def lack(sagemaker: BaseClient, config_arn: str, when: str) -> None:
    """Remembers that there were no instances for a configuration."""
    _mark(sagemaker, config_arn, NO_INSTANCES, when)


def served(sagemaker: BaseClient, config_arn: str) -> None:
    """Forgets that there were no instances for a configuration, because it serves now."""
    try:
        sagemaker.delete_tags(ResourceArn=config_arn, TagKeys=[NO_INSTANCES])
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise


def roll_back(sagemaker: BaseClient, config_arn: str, when: str) -> None:
    """Marks a configuration as rolled back."""
    _mark(sagemaker, config_arn, ROLLED_BACK, when)


def _mark(sagemaker: BaseClient, config_arn: str, key: str, when: str) -> None:
    """Tags a configuration. One that was deleted needs no mark."""
    try:
        sagemaker.add_tags(ResourceArn=config_arn, Tags=[{"Key": key, "Value": when}])
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
