"""The champion: the model version in production, which the training pipeline compares the new model with."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.defects import defect_of
from lambdas.shared.deployments import ROLLED_BACK, marks, served_packages
from lambdas.shared.production import in_production
from lambdas.shared.registry import ABSENT, approved


@dataclass(frozen=True)
class Version:
    """A version in the model registry, as far as the rule of what is in production asks."""

    arn: str
    status: str
    defect: str
    rolled_back: bool
    model_uri: str


def champion_parameters(sagemaker: BaseClient, group: str, endpoint: str) -> dict[str, str]:
    """The parameters of the training pipeline that name the version in production.

    There are none without such a version: the pipeline's own say that there is no champion.
    """
    found = in_production(approved_versions(sagemaker, group), serving(sagemaker, endpoint))
    return {"ChampionModelUri": found.model_uri, "ChampionModelPackage": found.arn} if found else {}


def approved_versions(sagemaker: BaseClient, group: str) -> list[Version]:
    """The approved versions, the one with the highest number first; none if nothing was registered yet."""
    try:
        listed = {each["ModelPackageVersion"]: each["ModelPackageArn"] for each in approved(sagemaker, group)}
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return []
        raise
    marked = marks(sagemaker, group, listed)
    return [describe(sagemaker, arn, ROLLED_BACK in marked.get(number, {})) for number, arn in listed.items()]


def describe(sagemaker: BaseClient, arn: str, rolled_back: bool) -> Version:
    """Reads a version, about which somebody may have decided otherwise meanwhile."""
    found = sagemaker.describe_model_package(ModelPackageName=arn)
    defect = defect_of(found)
    uri = "" if defect else found["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    return Version(arn, found["ModelApprovalStatus"], defect, rolled_back, uri)


def serving(sagemaker: BaseClient, endpoint: str) -> list[str]:
    """The ARNs of the packages behind the endpoint; none if there is no endpoint."""
    try:
        described = sagemaker.describe_endpoint(EndpointName=endpoint)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return []
        raise
    return served_packages(sagemaker, described["EndpointConfigName"])
