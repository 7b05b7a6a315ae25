"""Destroying what deployments, pipelines and approvals made."""

from dataclasses import replace
from typing import Any

import boto3
import pytest
from unit.lambdas.deployment import ENVIRONMENT
from unit.pipelines.aws_in_memory import answer

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.update.alarms import definitions
from lambdas.shared.deployments import scalable_target
from pipelines.aws import Aws
from pipelines.delivery.deployment import deploy
from pipelines.delivery.teardown import destroy
from pipelines.errors import AwsError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")


@pytest.fixture
def aws(session: boto3.Session, names: Names, settings: Settings) -> Aws:
    """An environment with a model in service, pipelines and a state machine."""
    aws = Aws(session)
    aws.s3.delete_bucket(Bucket=names.bucket)
    deploy(settings, aws)
    stem = names.model_package_group
    serve(aws, names.endpoint, f"{stem}-v1-0a1b2c3d")
    for machine in (names.state_machine, names.batch_machine):
        aws.stepfunctions.create_state_machine(name=machine, definition="{}", roleArn=names.role_arn("workflow"))
    aws.sagemaker.create_pipeline(
        PipelineName=names.training_pipeline,
        PipelineDefinition='{"Version": "2020-12-01", "Steps": []}',
        RoleArn=names.role_arn("pipeline"),
        ClientRequestToken="t" * 32,
    )
    return aws


def serve(aws: Aws, endpoint: str, name: str) -> None:
    role = "arn:aws:iam::123456789012:role/any"
    aws.sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, Containers=[{"Image": "i"}])
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    aws.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=name)
    for alarm in definitions(replace(Configuration.parse(ENVIRONMENT), endpoint_name=endpoint), name):
        aws.client("cloudwatch").put_metric_alarm(**alarm)


def test_everything_goes_in_an_order_that_aws_allows(aws: Aws, settings: Settings, names: Names) -> None:
    model = f"{names.model_package_group}-v1-0a1b2c3d"
    report = destroy(settings, aws)
    assert report.deleted == (
        f"endpoint {names.endpoint}",
        f"alarm {model}-errors",
        f"alarm {model}-latency",
        f"alarm {model}-answers",
        f"endpoint configuration {model}",
        f"model {model}",
        f"state machine {names.state_machine}",
        f"state machine {names.batch_machine}",
        f"pipeline {names.training_pipeline}",
        f"stack {names.application_stack}",
        f"stack {names.delivery_stack}",
    )
    assert report.absent == (
        f"scalable target endpoint/{names.endpoint}/variant/AllTraffic",
        f"pipeline {names.monitoring_pipeline}",
        f"pipeline {names.rebase_pipeline}",
        f"stack {names.images_stack}",
    )
    assert aws.sagemaker.list_endpoints()["Endpoints"] == []
    assert aws.sagemaker.list_models()["Models"] == []
    assert aws.stepfunctions.list_state_machines()["stateMachines"] == []
    assert aws.sagemaker.list_pipelines()["PipelineSummaries"] == []


def test_the_endpoint_is_no_longer_scaled(aws: Aws, settings: Settings, names: Names) -> None:
    autoscaling = aws.client("application-autoscaling")
    for endpoint in (names.endpoint, f"{names.prefix}-two-vehicles"):
        autoscaling.register_scalable_target(**scalable_target(endpoint), MinCapacity=1, MaxCapacity=2)
    report = destroy(settings, aws)
    assert report.deleted[0] == f"scalable target endpoint/{names.endpoint}/variant/AllTraffic"
    (left,) = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert "two-vehicles" in left["ResourceId"]


def test_another_environment_keeps_its_own(aws: Aws, settings: Settings, names: Names) -> None:
    # Its names contain those of this one, and begin with the same prefix.
    serve(aws, f"{names.prefix}-two-vehicles", f"{names.prefix}-two-vehicles-v1-0a1b2c3d")
    serve(aws, f"my-{names.endpoint}", f"my-{names.model_package_group}-v1-0a1b2c3d")
    destroy(settings, aws)
    assert {each["EndpointName"] for each in aws.sagemaker.list_endpoints()["Endpoints"]} == {
        f"{names.prefix}-two-vehicles",
        f"my-{names.endpoint}",
    }
    assert len(aws.sagemaker.list_models()["Models"]) == 2
    assert len(aws.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 6


def test_what_is_gone_is_no_error(aws: Aws, settings: Settings) -> None:
    destroy(settings, aws)
    again = destroy(settings, aws)
    assert again.deleted == ()
    assert "did not exist: endpoint " in again.describe()
    assert "kept: bucket " in again.describe()


def test_data_goes_when_it_is_told_to(aws: Aws, settings: Settings, names: Names) -> None:
    aws.s3.put_bucket_versioning(Bucket=names.bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", b"two"):
        aws.s3.put_object(Bucket=names.bucket, Key="executions/1/model.tar.gz", Body=body)
    aws.s3.delete_object(Bucket=names.bucket, Key="executions/1/model.tar.gz")
    report = destroy(settings, aws, keep_data=False)
    assert report.deleted[-2:] == (f"contents of bucket {names.bucket}", f"stack {names.storage_stack}")
    assert report.kept == ()
    assert aws.s3.list_buckets()["Buckets"] == []


def test_registered_models_go_before_their_group(aws: Aws, settings: Settings, names: Names) -> None:
    group = names.model_package_group
    aws.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = aws.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]
    calls = answer_what_moto_lacks(aws)
    report = destroy(settings, aws, keep_data=False)
    assert calls == ["DeleteModelPackage", "DeleteModelPackageGroup"]
    assert f"model package {arn}" in report.deleted
    assert f"model package group {group}" in report.deleted


def answer_what_moto_lacks(aws: Aws) -> list[str]:
    """moto has no deletion of model packages: answers these calls, and lists them."""
    calls: list[str] = []
    for operation in ("DeleteModelPackage", "DeleteModelPackageGroup"):
        answer(aws.sagemaker, operation, lambda _, operation=operation: calls.append(operation))
    return calls


def test_objects_that_stay_are_no_success(aws: Aws, settings: Settings, names: Names) -> None:
    from botocore.awsrequest import AWSResponse

    def refuse(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return AWSResponse("", 200, {}, None), {"Errors": [{"Key": "locked.txt", "Message": "Access Denied"}]}

    aws.s3.meta.events.register("before-call.s3.DeleteObjects", refuse)
    with pytest.raises(AwsError, match=r"1 objects of bucket .* could not be deleted; locked\.txt: Access Denied"):
        destroy(settings, aws, keep_data=False)
