"""Starts the training pipeline, against the model that is in production."""

import hashlib
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.report_incident.memory import read
from lambdas.report_incident.models import Configuration, Incident, Place

LATEST_DATA = "data/latest"  # the URI of the archive that was uploaded last


def start_training(sagemaker: BaseClient, s3: BaseClient, configuration: Configuration, incident: Incident) -> str:
    """Starts an execution with the latest data and returns its ARN; once for an incident, however often it is called.

    Raises InvalidRequest if no data was uploaded.
    """
    data = read(s3, Place(configuration.bucket, LATEST_DATA)).decode().strip()
    parameters = {"InputDataUri": data, **champion(sagemaker, configuration.model_package_group)}
    token = hashlib.sha256(f"{configuration.bucket} {incident.number} {incident.since}".encode()).hexdigest()
    started = sagemaker.start_pipeline_execution(
        PipelineName=configuration.training_pipeline,
        PipelineExecutionDescription=f"Incident {incident.number}: {incident.text}"[:3072],
        PipelineParameters=[{"Name": name, "Value": value} for name, value in parameters.items()],
        ClientRequestToken=token,
    )
    arn: str = started["PipelineExecutionArn"]
    return arn


def champion(sagemaker: BaseClient, group: str) -> dict[str, str]:
    """The parameters that name the approved version with the highest number, which the endpoint serves.

    There are none without such a version: the pipeline's own say that there is no champion.
    """
    newest = max(_approved(sagemaker, group), key=lambda each: each["ModelPackageVersion"], default=None)
    if newest is None:
        return {}
    arn: str = newest["ModelPackageArn"]
    containers = sagemaker.describe_model_package(ModelPackageName=arn)["InferenceSpecification"]["Containers"]
    return {"ChampionModelUri": containers[0]["ModelDataUrl"], "ChampionModelPackage": arn}


def _approved(sagemaker: BaseClient, group: str) -> list[dict[str, Any]]:
    """The approved versions of a group; none of a group that nothing was registered in yet."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus="Approved"
    )
    try:
        return [each for page in pages for each in page["ModelPackageSummaryList"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"ValidationException", "ResourceNotFound"}:
            return []
        raise
