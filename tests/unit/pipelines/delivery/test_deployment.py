"""Deployment and its undoing, on moto as far as moto's CloudFormation carries."""

from dataclasses import replace

import boto3
import pytest
from unit.pipelines.delivery.changed_settings import changed

from pipelines.aws import Aws
from pipelines.delivery.changes import apply_change, plan_change
from pipelines.delivery.deployment import DeploymentReport, carry_out, deploy, give_up, plan, prepare
from pipelines.delivery.stacks import Action, Stack, template_argument
from pipelines.delivery.teardown import destroy
from pipelines.delivery.templates import LARGEST_BODY, Template
from pipelines.errors import AwsError
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")


@pytest.fixture
def aws(empty: Aws) -> Aws:
    """The account of these tests."""
    return empty


def bring_up(aws: Aws, stack: Stack) -> Action:
    return apply_change(aws, plan_change(aws, stack))


def actions(report: DeploymentReport) -> list[str]:
    return [stack.action for stack in report.stacks]


def test_an_environment_from_nothing(aws: Aws, settings: Settings, names: Names) -> None:
    report = deploy(settings, aws)

    assert actions(report) == ["created", "created", "created"]
    assert report.uploaded == LAMBDA_NAMES
    assert report.changed
    functions = {each["FunctionName"]: each for each in aws.lambda_.list_functions()["Functions"]}
    assert set(functions) == {names.function(name) for name in LAMBDA_NAMES}
    for name in LAMBDA_NAMES:
        assert functions[names.function(name)]["Handler"] == f"lambdas.{name.replace('-', '_')}.handler.handler"
    assert names.review_queue in aws.sqs.get_queue_url(QueueName=names.review_queue)["QueueUrl"]
    roles = {each["RoleName"] for each in aws.client("iam").list_roles()["Roles"]}
    assert {names.role_arn(name).rpartition("/")[2] for name in ("pipeline", "model", "workflow")} <= roles


def test_what_builds_the_images(aws: Aws, settings: Settings, names: Names) -> None:
    building = changed(settings, "containers", pinned={})
    planned = plan(building, names)
    assert [stack.name for stack in planned.stacks][2] == names.images_stack == f"{names.prefix}-images"
    report = deploy(building, aws)
    assert actions(report) == ["created"] * 4
    assert report.uploaded == (*LAMBDA_NAMES, "containers")
    found = aws.client("ecr").describe_repositories()["repositories"]
    assert {each["repositoryName"] for each in found} == {names.repository("training"), names.repository("inference")}
    assert {each["imageTagMutability"] for each in found} == {"IMMUTABLE"}
    sources = aws.cloudformation.describe_stacks(StackName=names.images_stack)["Stacks"][0]["Parameters"]
    [key] = [each["ParameterValue"] for each in sources if each["ParameterKey"] == "SourcesKey"]
    assert aws.s3.head_object(Bucket=names.bucket, Key=key)
    assert not deploy(building, aws).changed
    assert f"stack {names.images_stack}" in destroy(building, aws, keep_data=True).deleted


def test_the_deploying_function_knows_endpoint_and_network(aws: Aws, settings: Settings, names: Names) -> None:
    network = settings.network.model_copy(update={"subnets": ("subnet-1", "subnet-2"), "security_groups": ("sg-1",)})
    deploy(settings.model_copy(update={"network": network}), aws)
    found = aws.lambda_.get_function_configuration(FunctionName=names.function("deploy-model"))
    assert found["Environment"]["Variables"] == {
        "ENDPOINT_NAME": names.endpoint,
        "MODEL_PACKAGE_GROUP": names.model_package_group,
        "MODEL_ROLE_ARN": names.role_arn("model"),
        "INSTANCE_TYPE": settings.endpoint.instance_type,
        "INSTANCE_COUNT": str(settings.endpoint.instance_count),
        "CAPTURE_URI": names.s3("capture"),
        "CAPTURE_PERCENTAGE": str(settings.endpoint.capture_percentage),
        "BASELINE_URI": names.baseline_uri,
        "STATE_MACHINE_ARN": names.deployment_machine_arn,
        "TAGS": "project=scones-unlimited,environment=local",
        "NETWORK_ISOLATION": "false",
        "SUBNETS": "subnet-1,subnet-2",
        "SECURITY_GROUPS": "sg-1",
        "HOURS": "always",
        "DEPLOYMENT": settings.endpoint.deployment.model_dump_json(),
        "SCALING": settings.endpoint.scaling.model_dump_json(),
        "METRICS_NAMESPACE": names.prefix,
        "TOPIC_ARN": f"arn:aws:sns:eu-west-1:123456789012:{names.prefix}-decisions",
        "ENVIRONMENT": "local",
        "POWERTOOLS_SERVICE_NAME": "deploy-model",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    assert found["VpcConfig"]["SubnetIds"] == ["subnet-1", "subnet-2"]
    assert found["VpcConfig"]["SecurityGroupIds"] == ["sg-1"]


def test_a_second_deployment_changes_nothing(aws: Aws, settings: Settings) -> None:
    deploy(settings, aws)
    again = deploy(settings, aws)
    assert actions(again) == ["unchanged", "unchanged", "unchanged"]
    assert not again.changed
    assert "uploaded" not in again.describe()


def test_a_changed_setting_updates_the_application_only(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    report = deploy(changed(settings, "endpoint", instance_count=3), aws)
    assert actions(report) == ["unchanged", "updated", "unchanged"]
    found = aws.lambda_.get_function_configuration(FunctionName=names.function("deploy-model"))
    assert found["Environment"]["Variables"]["INSTANCE_COUNT"] == "3"
    [target] = aws.events.list_targets_by_rule(Rule=names.monitoring_pipeline)["Targets"]
    assert target["SageMakerPipelineParameters"] == {"PipelineParameterList": [{"Name": "Window", "Value": "day"}]}


def test_what_the_endpoint_leaves_out_is_told(aws: Aws, settings: Settings) -> None:
    report = deploy(settings, aws)
    storage, application, delivery = report.stacks
    assert storage.skipped == ("AWS::S3::BucketPolicy",)
    assert "AWS::CodeBuild::Project (2)" in delivery.skipped
    assert any(each.startswith("AWS::CloudWatch::Alarm (") for each in application.skipped)
    assert "AWS::Lambda::Function" not in " ".join(application.skipped)
    assert "(skipped by this endpoint: AWS::CloudWatch::Alarm (" in report.describe()


def test_destroy_keeps_data_and_models(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    report = destroy(settings, aws)
    assert report.deleted == (f"stack {names.application_stack}", f"stack {names.delivery_stack}")
    assert f"endpoint {names.endpoint}" in report.absent
    assert report.kept == (f"bucket {names.bucket}", f"model package group {names.model_package_group}")
    assert aws.lambda_.list_functions()["Functions"] == []
    assert aws.s3.list_objects_v2(Bucket=names.bucket, Prefix="code/lambdas/")["KeyCount"] == len(LAMBDA_NAMES)


def test_an_environment_can_be_made_again(aws: Aws, settings: Settings) -> None:
    deploy(settings, aws)
    destroy(settings, aws)
    again = deploy(settings, aws)
    assert actions(again) == ["unchanged", "created", "created"]
    assert again.uploaded == ()


def test_a_stack_that_is_being_changed_is_left_alone(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    from moto.cloudformation import cloudformation_backends

    stack = cloudformation_backends["123456789012"]["eu-west-1"].get_stack(names.application_stack)
    stack.status = "UPDATE_IN_PROGRESS"
    with pytest.raises(AwsError, match=r"application is being changed \(UPDATE_IN_PROGRESS\); wait"):
        deploy(changed(settings, "endpoint", instance_count=3), aws)
    stack.status = "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(AwsError, match="run 'aws cloudformation continue-update-rollback"):
        deploy(changed(settings, "endpoint", instance_count=3), aws)


def test_a_stack_whose_creation_failed_is_made_anew(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    from moto.cloudformation import cloudformation_backends

    cloudformation_backends["123456789012"]["eu-west-1"].get_stack(names.application_stack).status = "ROLLBACK_COMPLETE"
    assert actions(deploy(settings, aws)) == ["unchanged", "replaced", "unchanged"]


def test_what_is_going_to_change_is_told_before_it_is_done(aws: Aws, settings: Settings, names: Names) -> None:
    first = prepare(settings, aws)
    assert f"{names.storage_stack}: to be created\n  create 1 × AWS::S3::Bucket" in first.describe()
    assert aws.cloudformation.describe_stacks()["Stacks"] == []
    carry_out(settings, aws, first)
    assert not prepare(settings, aws).changed
    update = prepare(changed(settings, "endpoint", instance_count=3), aws)
    assert update.describe() == f"{names.application_stack}: to be updated\n  InstanceCount: 1 → 3"
    give_up(aws, update)
    assert aws.cloudformation.list_change_sets(StackName=names.application_stack)["Summaries"] == []


def test_a_template_that_is_too_large_for_a_call_goes_through_the_bucket(session: boto3.Session, names: Names) -> None:
    aws = Aws(session)
    large = Template(
        "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: large}}}" + LARGEST_BODY * "#"
    )
    stack = Stack("large", large, {}, names.bucket)
    assert bring_up(aws, stack) == "created"
    (stored,) = aws.s3.list_objects_v2(Bucket=names.bucket)["Contents"]
    assert stored["Key"].startswith("code/templates/")
    assert template_argument(aws, stack) == {
        "TemplateURL": f"https://{names.bucket}.s3.eu-west-1.amazonaws.com/{stored['Key']}"
    }
    assert aws.sqs.get_queue_url(QueueName="large")
    assert bring_up(aws, stack) == "unchanged"
    assert bring_up(aws, replace(stack, template=Template(large.body.replace("large", "larger")))) == "updated"
    assert aws.s3.list_objects_v2(Bucket=names.bucket)["KeyCount"] == 2
