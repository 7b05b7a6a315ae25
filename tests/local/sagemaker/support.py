"""Requests that tests share: processing and training jobs, and the steps of a pipeline definition."""

import json
from collections.abc import Callable
from typing import Any

from tests.local.support import BUCKET, CLUSTER, IMAGE, ROLE, tarred

Describe = Callable[[], dict[str, Any]]
IN, OUT = "/opt/ml/processing/in", "/opt/ml/processing/out"


def s3_input(uri: str, path: str = IN, name: str = "in", **more: str) -> dict[str, Any]:
    """A processing input: an object or a prefix of S3, and the folder that its objects go to."""
    source = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File", **more}
    return {"InputName": name, "S3Input": source}


def s3_output(uri: Any) -> dict[str, Any]:
    """A ProcessingOutputConfig: one output named `out`, the folder /opt/ml/processing/out."""
    target = {"S3Uri": uri, "LocalPath": OUT, "S3UploadMode": "EndOfJob"}
    return {"Outputs": [{"OutputName": "out", "S3Output": target}]}


def start_processing(sagemaker: Any, name: str, *command: str, **more: Any) -> Describe:
    """Create a processing job of a command; a function that describes it."""
    request = {
        "ProcessingResources": CLUSTER,
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": list(command)},
        "RoleArn": ROLE,
        **more,
    }
    sagemaker.create_processing_job(ProcessingJobName=name, **request)
    return lambda: dict(sagemaker.describe_processing_job(ProcessingJobName=name))


def start_training(
    sagemaker: Any,
    s3: Any,
    name: str,
    code: str,
    hyperparameters: dict[str, str] | None = None,
    *,
    seconds: int = 60,
    hosts: int = 1,
    **more: Any,
) -> Describe:
    """Create a training job of a script, in script mode; a function that describes it."""
    s3.put_object(Bucket=BUCKET, Key=f"code/{name}.tar.gz", Body=tarred({"package/train.py": code}))
    s3.put_object(Bucket=BUCKET, Key="rows/rows", Body=b"1 2 3")
    s3.put_object(Bucket=BUCKET, Key="rows/zeros", Body=b"0")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/rows"}
    channels = {"train": source}
    if hosts > 1:
        channels["sharded"] = {**source, "S3DataDistributionType": "ShardedByS3Key"}
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": r"loss=([0-9.]+);"}],
        },
        HyperParameters={
            "sagemaker_program": "package/train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/code/{name}.tar.gz",
            **(hyperparameters or {}),
        },
        InputDataConfig=[
            {"ChannelName": channel, "DataSource": {"S3DataSource": each}} for channel, each in channels.items()
        ],
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": hosts, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": seconds},
        RoleArn=ROLE,
        **more,
    )
    return lambda: dict(sagemaker.describe_training_job(TrainingJobName=name))


def definition(steps: list[Any], parameters: list[Any] | None = None) -> str:
    """A pipeline definition."""
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": steps})


def processing(name: str, shell: str, inputs: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """A processing step: a shell command that reads /opt/ml/processing/in and writes /opt/ml/processing/out."""
    values = [f"s3://{BUCKET}/made", {"Get": "Execution.PipelineExecutionId"}, name]
    arguments = {
        "ProcessingResources": CLUSTER,
        "AppSpecification": {"ImageUri": "image", "ContainerEntrypoint": ["sh", "-c", shell]},
        "RoleArn": ROLE,
        "ProcessingInputs": [s3_input(uri, name=f"in{index}") for index, uri in enumerate(inputs or [])],
        "ProcessingOutputConfig": s3_output({"Std:Join": {"On": "/", "Values": values}}),
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def output(step: str) -> dict[str, str]:
    """A reference to the output of a processing step."""
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"}


def training(name: str, program: str, s3: Any) -> dict[str, Any]:
    """A training step that runs a program in script mode."""
    s3.put_object(Bucket=BUCKET, Key=f"code/{name}/sourcedir.tar.gz", Body=tarred({"train.py": program}))
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "HyperParameters": {
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/code/{name}/sourcedir.tar.gz",
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/trained"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "RoleArn": ROLE,
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def steps_of(sagemaker: Any, execution: str) -> list[dict[str, Any]]:
    """The steps of an execution, as ListPipelineExecutionSteps gives them."""
    return list(sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"])
