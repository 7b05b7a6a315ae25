"""Lineage is read from what SageMaker tells of an execution's jobs and of endpoint configurations."""

from datetime import UTC, datetime
from typing import Any

from botocore.stub import Stubber
from rich.console import Console

from pipelines.aws import Aws
from pipelines.operations.inspection.lineage import Deployment, Job, Lineage, trace
from pipelines.operations.inspection.lineage_table import table
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names

THEN = datetime(2026, 1, 2, tzinfo=UTC)
SAGEMAKER = "arn:aws:sagemaker:eu-west-1:123456789012"
PACKAGE = f"{SAGEMAKER}:model-package/scones-unlimited-local-vehicles/7"
EXECUTION = f"{SAGEMAKER}:pipeline/scones-unlimited-local-training/execution/abcdefghijkl"
EARLIER = f"{SAGEMAKER}:pipeline/scones-unlimited-local-training/execution/earlier00000"
RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
PREPARED = {
    "ProcessingJobArn": f"{SAGEMAKER}:processing-job/prepare",
    "ProcessingJobName": "prepare",
    "ProcessingJobStatus": "Completed",
    "CreationTime": THEN,
    "AppSpecification": {"ImageUri": "image"},
    "ProcessingResources": {"ClusterConfig": RESOURCES},
    "ProcessingInputs": [
        {"InputName": "raw", "S3Input": {"S3Uri": "s3://bucket/data/1.tar.gz", "S3DataType": "S3Prefix"}}
    ],
    "ProcessingOutputConfig": {
        "Outputs": [
            {"OutputName": "train", "S3Output": {"S3Uri": "s3://bucket/train", "S3UploadMode": "EndOfJob"}},
        ]
    },
}
TRAINED: dict[str, Any] = {
    "TrainingJobArn": f"{SAGEMAKER}:training-job/train",
    "TrainingJobName": "train",
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "CreationTime": THEN,
    "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
    "ResourceConfig": RESOURCES,
    "StoppingCondition": {},
    "HyperParameters": {"sagemaker_submit_directory": '"s3://bucket/code/steps/1/sourcedir.tar.gz"'},
    "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {"S3Uri": "s3://bucket/train", "S3DataType": "S3Prefix"}},
        }
    ],
}


def version(**metadata: str) -> ModelVersion:
    return ModelVersion(PACKAGE, 7, "Approved", THEN, "", "s3://bucket/model.tar.gz", metadata)


def step(name: str, **more: Any) -> dict[str, Any]:
    return {"StepName": name, "StepStatus": "Succeeded", **more}


def deployed(sagemaker: Stubber, *configs: str, now: str | None) -> None:
    """Answers what is asked about the endpoint and its configurations."""
    if now:
        described = {"EndpointName": "e", "EndpointArn": f"{SAGEMAKER}:endpoint/e", "EndpointConfigName": now}
        times = {"CreationTime": THEN, "LastModifiedTime": THEN}
        sagemaker.add_response("describe_endpoint", {**described, "EndpointStatus": "InService", **times})
    else:
        sagemaker.add_client_error("describe_endpoint", "ValidationException")
    found = [
        {"EndpointConfigName": each, "EndpointConfigArn": f"{SAGEMAKER}:endpoint-config/{each}", "CreationTime": THEN}
        for each in configs
    ]
    wanted = {
        "NameContains": "scones-unlimited-local-vehicles-v7-",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
    }
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": found}, wanted)
    for each in found:
        variants = [{"VariantName": "AllTraffic", "ModelName": f"model-of-{each['EndpointConfigName']}"}]
        sagemaker.add_response("describe_endpoint_config", {**each, "ProductionVariants": variants})


def test_a_version_is_traced_from_its_data_to_the_endpoint(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    steps = [
        step(
            "PrepareData",
            Metadata={"ProcessingJob": {"Arn": PREPARED["ProcessingJobArn"]}},
            CacheHitResult={"SourcePipelineExecutionArn": EARLIER},
        ),
        step("TrainModel", Metadata={"TrainingJob": {"Arn": TRAINED["TrainingJobArn"]}}),
        step("CheckQuality", Metadata={"Condition": {"Outcome": "True"}}),
    ]
    sagemaker.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": steps})
    sagemaker.add_response("describe_processing_job", PREPARED, {"ProcessingJobName": "prepare"})
    sagemaker.add_response("describe_training_job", TRAINED, {"TrainingJobName": "train"})
    deployed(sagemaker, "new", "old", now="new")
    found = trace(aws, names, version(execution=EXECUTION, data_digest="sha256-1", accuracy="0.9"))
    code = {"code": "s3://bucket/code/steps/1/sourcedir.tar.gz"}
    assert found == Lineage(
        arn=PACKAGE,
        status="Approved",
        model_uri="s3://bucket/model.tar.gz",
        recorded={"data_digest": "sha256-1"},
        execution=EXECUTION,
        jobs=[
            Job(
                "PrepareData",
                str(PREPARED["ProcessingJobArn"]),
                "image",
                {"raw": "s3://bucket/data/1.tar.gz"},
                {"train": "s3://bucket/train"},
                EARLIER,
            ),
            Job(
                "TrainModel",
                TRAINED["TrainingJobArn"],
                "image",
                {"train": "s3://bucket/train", **code},
                {"model": "s3://bucket/model.tar.gz"},
                None,
            ),
        ],
        deployments=[
            Deployment("new", ["model-of-new"], names.endpoint),
            Deployment("old", ["model-of-old"], None),
        ],
    )
    shown = printed(found)
    assert shown.index("sha256-1") < shown.index("reads raw") < shown.index(PACKAGE) < shown.index("serves it")
    assert f"reused from {EARLIER}" in shown


def test_an_execution_that_is_gone_is_said_to_be(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    sagemaker.add_client_error("list_pipeline_execution_steps", "ResourceNotFound")
    deployed(sagemaker, now=None)
    found = trace(aws, names, version(execution=EXECUTION))
    assert (found.jobs, found.deployments) == ([], [])
    assert "SageMaker does not know it any more" in printed(found)
    assert "it was never deployed" in printed(found)


def test_a_version_of_other_tools_has_no_execution(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    deployed(sagemaker, now="another")
    assert "not registered by this pipeline" in printed(trace(aws, names, version()))


def printed(lineage: Lineage) -> str:
    console = Console(width=300)
    with console.capture() as captured:
        console.print(table(lineage))
    return " ".join(captured.get().split())
