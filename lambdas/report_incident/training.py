"""Starts the training pipeline, against the model that is in production."""

import hashlib

from botocore.client import BaseClient

from lambdas.report_incident.champion import champion_parameters
from lambdas.report_incident.memory import read
from lambdas.report_incident.models import Configuration, Incident, Place

LATEST_DATA = "data/latest"  # the URI of the archive that was uploaded last


def start_training(sagemaker: BaseClient, s3: BaseClient, configuration: Configuration, incident: Incident) -> str:
    """Starts an execution with the latest data and returns its ARN; once for an incident, however often it is called.

    Raises InvalidRequest if no data was uploaded.
    """
    data = read(s3, Place(configuration.bucket, LATEST_DATA)).decode().strip()
    champion = champion_parameters(sagemaker, configuration.model_package_group, configuration.endpoint)
    parameters = {"InputDataUri": data, **champion}
    token = hashlib.sha256(f"{configuration.bucket} {incident.number} {incident.since}".encode()).hexdigest()
    started = sagemaker.start_pipeline_execution(
        PipelineName=configuration.training_pipeline,
        PipelineExecutionDescription=f"Incident {incident.number}: {incident.text}"[:3072],
        PipelineParameters=[{"Name": name, "Value": value} for name, value in parameters.items()],
        ClientRequestToken=token,
    )
    arn: str = started["PipelineExecutionArn"]
    return arn
