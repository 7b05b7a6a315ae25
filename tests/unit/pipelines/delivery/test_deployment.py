"""Deployment and its undoing, on moto as far as moto's CloudFormation carries."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import boto3
import pytest
from unit.pipelines.wheels import write_wheels

from pipelines.aws import Aws
from pipelines.delivery.changes import apply_change, plan_change
from pipelines.delivery.deployment import (
    DeploymentReport,
    application_parameters,
    carry_out,
    delivery_parameters,
    deploy,
    give_up,
    plan,
    prepare,
)
from pipelines.delivery.rules import enabled as wanted_rules
from pipelines.delivery.rules import pause
from pipelines.delivery.stacks import Action, Stack, template_argument
from pipelines.delivery.teardown import destroy
from pipelines.delivery.templates import LARGEST_BODY, Template
from pipelines.errors import AwsError
from pipelines.packages.lambda_layer import LAYERS
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")


@pytest.fixture
def aws(session: boto3.Session, names: Names) -> Iterator[Aws]:
    """An account without anything: the bucket is for the deployment to make."""
    aws = Aws(session)
    aws.s3.delete_bucket(Bucket=names.bucket)
    return aws


def changed(settings: Settings, section: str, **values: Any) -> Settings:
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})


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


def test_a_decision_starts_the_state_machine_of_deployments(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    rule = aws.events.describe_rule(Name=f"{names.prefix}-approval")
    assert json.loads(rule["EventPattern"]) == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {
            "ModelPackageGroupName": [names.model_package_group],
            "UpdatedModelPackageFields": ["ModelApprovalStatus", {"exists": False}],
        },
    }
    [target] = aws.events.list_targets_by_rule(Rule=f"{names.prefix}-approval")["Targets"]
    assert (target["Arn"], target["RoleArn"]) == (names.deployment_machine_arn, names.role_arn("deploy-rules"))
    assert target["DeadLetterConfig"]["Arn"].endswith(f":{names.prefix}-deploy-dead-letters")
    found = aws.stepfunctions.describe_state_machine(stateMachineArn=names.deployment_machine_arn)
    states = json.loads(found["definition"])["States"]
    assert states["Reconcile"]["Parameters"]["FunctionName"] == names.function_arn("deploy-model")
    assert states["Wait"]["Seconds"] == settings.endpoint.check_seconds
    assert states["Tidy up"]["Parameters"]["Payload"] == {"tidy_up": {}}
    hourly = aws.events.describe_rule(Name=f"{names.prefix}-deploy-hourly")
    assert hourly["ScheduleExpression"] == "rate(1 hour)"


def test_the_schedule_starts_the_monitoring_pipeline(aws: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, aws)
    assert aws.events.describe_rule(Name=f"{names.prefix}-monitoring")["ScheduleExpression"] == "rate(1 day)"
    [target] = aws.events.list_targets_by_rule(Rule=f"{names.prefix}-monitoring")["Targets"]
    assert target["Arn"].endswith(f":pipeline/{names.monitoring_pipeline}")


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


@pytest.mark.parametrize("repository", ["https://github.com/team/scones.git", "https://gitlab.com/team/scones"])
def test_the_repository_is_called_as_its_host_names_it(repository: str, settings: Settings) -> None:
    assert delivery_parameters(changed(settings, "delivery", repository=repository))["RepositoryId"] == "team/scones"


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


def test_what_the_owners_of_an_account_ask_for_reaches_the_templates(settings: Settings, names: Names) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    given = changed(settings, "account", kms_key=key, permissions_boundary=boundary, monthly_budget=200)
    planned = plan(given, names)
    assert {stack.parameters["KmsKeyArn"] for stack in planned.stacks} == {key}
    assert planned.application.parameters["MonthlyBudget"] == "200"
    assert planned.delivery.parameters["PermissionsBoundary"] == boundary
    assert all(stack.tags == {"project": settings.project, "environment": "local"} for stack in planned.stacks)


OFF = {"routes", "deploy-hours"}  # rules that are off by default


def test_rules_that_a_deletion_has_paused_go_on_with_the_next_deployment(
    aws: Aws, settings: Settings, names: Names
) -> None:
    def enabled() -> set[str]:
        return {each["Name"] for each in aws.events.list_rules()["Rules"] if each["State"] == "ENABLED"}

    aws.events.put_rule(Name=f"{names.prefix}-eu-approval", ScheduleExpression="rate(1 day)")
    others = enabled()
    deploy(settings, aws)
    assert enabled() - others == {f"{names.prefix}-{each}" for each in names.rules if each not in OFF}
    pause(aws, names)
    assert enabled() == others
    switched_off = changed(settings, "workflow", start_on_upload=False)
    deploy(switched_off, aws)
    wanted = {f"{names.prefix}-{each}" for each in wanted_rules(switched_off, names)}
    assert enabled() - others == wanted
    assert len(wanted) == len(names.rules) - len(OFF) - 1


def test_an_endpoint_with_hours_is_looked_at_when_they_begin_and_end(
    aws: Aws, settings: Settings, names: Names
) -> None:
    deploy(settings, aws)
    deploy(changed(settings, "endpoint", hours="MON-FRI 6-19"), aws)
    rule = aws.events.describe_rule(Name=f"{names.prefix}-deploy-hours")
    assert (rule["State"], rule["ScheduleExpression"]) == ("ENABLED", "cron(0 6,19 ? * MON,TUE,WED,THU,FRI *)")
    [target] = aws.events.list_targets_by_rule(Rule=f"{names.prefix}-deploy-hours")["Targets"]
    assert (target["Arn"], target["Input"]) == (names.deployment_machine_arn, '{"reconcile": {}}')
    found = aws.lambda_.get_function_configuration(FunctionName=names.function("deploy-model"))
    assert found["Environment"]["Variables"]["HOURS"] == "MON-FRI 6-19"


def test_uploads_start_the_workflow_unless_that_is_switched_off(settings: Settings) -> None:
    assert application_parameters(settings)["UploadRuleState"] == "ENABLED"
    switched_off = changed(settings, "workflow", start_on_upload=False)
    assert application_parameters(switched_off)["UploadRuleState"] == "DISABLED"


def test_layers_are_planned_with_their_keys(settings: Settings, names: Names, wheel_folder: Path) -> None:
    write_wheels(wheel_folder, chain(*LAYERS.values()), "py3-none-any")
    planned = plan(changed(settings, "lambdas", dependencies="layer"), names)
    pillow, powertools = planned.packages[len(LAMBDA_NAMES) :]
    assert planned.application.parameters["PillowLayerKey"] == pillow.key
    assert planned.application.parameters["PowertoolsLayerKey"] == powertools.key
    assert "python/pillow.py" in pillow.files
    assert {f"python/{module}.py" for module in ("aws_lambda_powertools", "jmespath")} <= powertools.files.keys()


def test_without_a_layer_none_is_planned(settings: Settings, names: Names) -> None:
    planned = plan(settings, names)
    assert [package.name for package in planned.packages] == list(LAMBDA_NAMES)
    assert planned.application.parameters["PillowLayerKey"] == ""
    assert planned.application.parameters["PowertoolsLayerKey"] == ""


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
