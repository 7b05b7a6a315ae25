"""Starts the training pipeline, against the model that is in production."""

import hashlib

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.report_incident.memory import read
from lambdas.report_incident.models import Configuration, Incident, Place
from lambdas.shared.registry import ABSENT, newest_approved

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
    try:
        newest = newest_approved(sagemaker, group)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:  # nothing was registered in the group yet
            return {}
        raise
    if newest is None:
        return {}
    arn: str = newest["ModelPackageArn"]
    containers = sagemaker.describe_model_package(ModelPackageName=arn)["InferenceSpecification"]["Containers"]
    return {"ChampionModelUri": containers[0]["ModelDataUrl"], "ChampionModelPackage": arn}
