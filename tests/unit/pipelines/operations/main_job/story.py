"""What moto does not run of a main job, told by a `Story`: the ends of executions, and the files that jobs write."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from unit.pipelines.aws_in_memory import answer

from pipelines.aws import Aws
from pipelines.settings.naming import Names

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SHARES = {
    "accuracy": 0.95,
    "coverage": 0.8,
    "accuracy_of_accepted": 0.99,
    "robust_accuracy": 0.9,
    "others_decided": 0.0,
}
EVALUATION = {**SHARES, "threshold": 0.9, "synthetic": True}
FILES = {
    "evaluation": {"decision.html": "decision", "evaluation.json": json.dumps(EVALUATION)},
    "monitoring": {
        "report.html": "report",
        "verdict.json": json.dumps({"verdict": "look", "causes": [{"text": "pictures are turned"}]}),
        "statistics.json": "{}",
        "constraint_violations.json": "{}",
    },
}


@dataclass
class Story:
    """How it goes on after each start: pipelines, workflow executions and data capture."""

    training: str = "Succeeded"
    failed_step: dict[str, Any] | None = None
    approval: str = "Approved"
    workflow: str = "SUCCEEDED"
    captured: bool = True
    monitoring: str = "Succeeded"
    started: list[str] = field(default_factory=list)


def serve_a_version(aws: Aws, names: Names) -> str:
    """Registers the first version and its endpoint, unless an earlier test did; returns the version's ARN."""
    group = names.model_package_group
    if found := aws.sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
        assert found[0]["ModelPackageGroupName"] == group
        return f"arn:aws:sagemaker:{names.region}:{names.account}:model-package/{group}/1"
    aws.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": "image", "ModelDataUrl": names.s3("executions/1/model.tar.gz")}
    contents = {"SupportedContentTypes": ["image/png"], "SupportedResponseMIMETypes": ["application/json"]}
    arn = str(
        aws.sagemaker.create_model_package(
            ModelPackageGroupName=group,
            InferenceSpecification={"Containers": [container], **contents},
            ModelApprovalStatus="PendingManualApproval",
        )["ModelPackageArn"]
    )
    model = {"ModelName": "m", "Containers": [{"ModelPackageName": arn}]}
    aws.sagemaker.create_model(**model, ExecutionRoleArn=names.role_arn("model"))
    variant = {"VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    aws.sagemaker.create_endpoint(EndpointName=names.endpoint, EndpointConfigName="c")
    return arn


def tell(aws: Aws, names: Names, story: Story, package: str) -> None:
    """Answers what moto does not run as the story says."""

    def status(given: dict[str, Any]) -> dict[str, Any]:
        kind = "training" if names.training_pipeline in given["PipelineExecutionArn"] else "monitoring"
        return {"PipelineExecutionStatus": getattr(story, kind)}

    def steps(given: dict[str, Any]) -> dict[str, Any]:
        if names.monitoring_pipeline in given["PipelineExecutionArn"]:
            return {"PipelineExecutionSteps": [step("AnalyzeCaptures", job("monitoring", names))]}
        registered = [] if story.failed_step else [step("RegisterModel", {"RegisterModel": {"Arn": package}})]
        failed = [story.failed_step] if story.failed_step else []
        return {"PipelineExecutionSteps": [step("EvaluateModel", job("evaluation", names)), *registered, *failed]}

    def started(given: dict[str, Any]) -> dict[str, Any]:
        story.started.append(given["PipelineName"])
        aws.sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus=story.approval)
        put_files(aws, names)
        arn = (
            f"arn:aws:sagemaker:{names.region}:{names.account}:pipeline/{given['PipelineName']}/execution/abcdefghijkl"
        )
        return {"PipelineExecutionArn": arn}

    def classified(given: dict[str, Any]) -> dict[str, Any]:
        arn = given["executionArn"]
        name = arn.rpartition(":")[2]
        if story.captured:
            line = json.dumps({"eventMetadata": {"inferenceId": name}})
            aws.s3.put_object(Bucket=names.bucket, Key=f"capture/{names.endpoint}/{name}.jsonl", Body=f"{line}\n")
        decided = {"decision": "accepted", "label": "bicycle", "confidence": 0.97, "route": {"loading_bay": "A"}}
        ended = {"executionArn": arn, "stateMachineArn": names.state_machine_arn, "name": name, "startDate": NOW}
        failed = {"error": "EndpointFailed", "cause": "no endpoint"} if story.workflow == "FAILED" else {}
        return {**ended, "status": story.workflow, "output": json.dumps({} if failed else decided), **failed}

    answer(aws.sagemaker, "StartPipelineExecution", started)
    answer(aws.sagemaker, "DescribePipelineExecution", status)
    answer(aws.sagemaker, "ListPipelineExecutionSteps", steps)
    answer(aws.sagemaker, "DescribeProcessingJob", processing_job)
    answer(aws.stepfunctions, "DescribeExecution", classified)
    answer(aws.stepfunctions, "GetExecutionHistory", lambda _: {"events": []})


def step(name: str, metadata: dict[str, Any], status: str = "Succeeded") -> dict[str, Any]:
    return {"StepName": name, "StepStatus": status, "StartTime": NOW, "EndTime": NOW, "Metadata": metadata}


def job(output: str, names: Names) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:{names.region}:{names.account}:processing-job/{names.bucket}.{output}"
    return {"ProcessingJob": {"Arn": arn}}


def processing_job(given: dict[str, Any]) -> dict[str, Any]:
    """A job whose name tells the bucket and the name of its output."""
    name = given["ProcessingJobName"]
    bucket, _, output = name.rpartition(".")
    target = {"S3Uri": f"s3://{bucket}/executions/1/{output}", "LocalPath": "/opt/ml", "S3UploadMode": "EndOfJob"}
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    return {
        "ProcessingJobName": name,
        "ProcessingJobArn": f"arn:aws:sagemaker:eu-west-1:123456789012:processing-job/{name}",
        "ProcessingJobStatus": "Completed",
        "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {"ImageUri": "image"},
        "CreationTime": NOW,
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": output, "S3Output": target}]},
    }


def put_files(aws: Aws, names: Names) -> None:
    """What the jobs of the pipelines write."""
    for folder, files in FILES.items():
        for name, text in files.items():
            aws.s3.put_object(Bucket=names.bucket, Key=f"executions/1/{folder}/{name}", Body=text.encode())
