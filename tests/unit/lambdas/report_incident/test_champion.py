"""Which version an incident's training is compared with: the one in production, by the rule that commands have too."""

from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from lambdas.report_incident.champion import champion_parameters
from lambdas.shared.clients import client

ROLE = "arn:aws:iam::123456789012:role/model"


@pytest.fixture
def sagemaker(aws: None) -> Any:
    """A registry with three approved versions, of which the last names no archive, and no endpoint."""
    made = boto3.client("sagemaker")
    made.create_model_package_group(ModelPackageGroupName="vehicles")
    for archive in ("s3://bucket/1.tar.gz", "s3://bucket/2.tar.gz", None):
        container = {"Image": "image", **({"ModelDataUrl": archive} if archive else {})}
        content = {"Containers": [container], "SupportedContentTypes": ["a"], "SupportedResponseMIMETypes": ["b"]}
        made.create_model_package(
            ModelPackageGroupName="vehicles", ModelApprovalStatus="Approved", InferenceSpecification=content
        )
    return made


def arn(sagemaker: Any, version: int) -> str:
    found = sagemaker.list_model_packages(ModelPackageGroupName="vehicles")["ModelPackageSummaryList"]
    return next(each["ModelPackageArn"] for each in found if each["ModelPackageVersion"] == version)


def configure(sagemaker: Any, version: int, **tags: str) -> str:
    """Makes model and endpoint configuration of a version, as `deploy-model` does."""
    name = f"vehicles-v{version}-0a1b2c3d"
    sagemaker.create_model(
        ModelName=name, ExecutionRoleArn=ROLE, Containers=[{"ModelPackageName": arn(sagemaker, version)}]
    )
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": "ml.m5.large"}
    variant |= {"InitialInstanceCount": 1, "InitialVariantWeight": 1.0}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[variant],
        Tags=[{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()],
    )
    return name


def champion(sagemaker: Any) -> str | None:
    return champion_parameters(sagemaker, "vehicles", "vehicles").get("ChampionModelUri")


def test_without_an_endpoint_it_is_the_newest_that_deployments_would_bring_up(sagemaker: Any) -> None:
    assert champion(sagemaker) == "s3://bucket/2.tar.gz"
    configure(sagemaker, 2, rolled_back="2026-01-02T03:04:05+00:00")
    assert champion(sagemaker) == "s3://bucket/1.tar.gz"
    sagemaker.update_model_package(ModelPackageArn=arn(sagemaker, 1), ModelApprovalStatus="Rejected")
    assert champion(sagemaker) is None


def test_it_is_what_the_endpoint_serves(sagemaker: Any) -> None:
    sagemaker.create_endpoint(EndpointName="vehicles", EndpointConfigName=configure(sagemaker, 1))
    assert champion_parameters(sagemaker, "vehicles", "vehicles") == {
        "ChampionModelUri": "s3://bucket/1.tar.gz",
        "ChampionModelPackage": arn(sagemaker, 1),
    }


def test_before_the_first_version_there_is_none(aws: None) -> None:
    assert champion(boto3.client("sagemaker")) is None


def test_what_is_forbidden_is_not_taken_for_absent(sagemaker: Any) -> None:
    denied = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
    for operation in ("ListModelPackages", "DescribeEndpoint"):
        asked = client("sagemaker")
        event = f"before-call.sagemaker.{operation}"
        asked.meta.events.register(event, lambda **_: (AWSResponse("", 400, {}, None), denied), unique_id=operation)
        with pytest.raises(asked.exceptions.ClientError, match="AccessDenied"):
            champion(asked)
        asked.meta.events.unregister(event, unique_id=operation)
