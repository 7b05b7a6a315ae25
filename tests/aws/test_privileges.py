"""The deployed roles: what their policies, with all names filled in, allow and what they do not."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from moto import mock_aws

from local.iam.policies import allowed, lookup_in
from pipelines.aws import Aws
from pipelines.delivery.deployment import deploy
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load
from pipelines.settings.sections import Registry

BUCKET = "arn:aws:s3:::scones-unlimited-local-123456789012-eu-west-1"
SAGEMAKER = "arn:aws:sagemaker:eu-west-1:123456789012"
LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:scones-unlimited-local"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local"
SQS = "arn:aws:sqs:eu-west-1:123456789012:scones-unlimited-local"
ROLES = "arn:aws:iam::123456789012:role/scones-unlimited-local"
STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/scones-unlimited-local"
PREFIX = "scones-unlimited-local"
PROJECT = "arn:aws:codebuild:eu-west-1:123456789012:project/scones-unlimited-local"
REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository/scones-unlimited-local"
NAME = "scones-unlimited-local-vehicles"
CONFIG = f"{NAME}-v7-0a1b2c3d"
PEOPLE = ("approver", "reader")
COMPARERS = ("delivery", "report-incident")  # who start trainings, and so name the version in production
TARGET = "arn:aws:application-autoscaling:eu-west-1:123456789012:scalable-target/0a1b2c3d"
TRACKING = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:TargetTracking-endpoint"
SERVICE_ROLE = (
    "arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling"
)
ALARM = f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{PREFIX}"
ALLOWED = [
    ("serialize-image", "s3:GetObject", f"{BUCKET}/photos/run/a.png"),
    ("serialize-image", "s3:GetObjectVersion", f"{BUCKET}/photos/run/a.png"),
    ("serialize-image", "s3:GetObject", f"{BUCKET}/test-photos/run/a.png"),
    ("serialize-image", "s3:ListBucket", BUCKET),
    ("start-workflow", "states:StartExecution", f"{MACHINE}-inference"),
    ("start-workflow", "sqs:SendMessage", f"{SQS}-start-dead-letters"),
    ("delivery", "iam:PassRole", f"{ROLES}-start-workflow"),
    ("delivery", "iam:PassRole", f"{ROLES}-images"),
    ("delivery", "codebuild:StartBuild", f"{PROJECT}-images"),
    ("delivery", "cloudformation:ExecuteChangeSet", f"{STACK}-images/1"),
    ("images", "ecr:PutImage", f"{REPOSITORY}-training"),
    ("images", "ecr:DescribeImageScanFindings", f"{REPOSITORY}-inference"),
    ("images", "s3:GetObject", f"{BUCKET}/code/containers/0a1b.zip"),
    ("images", "s3:PutObject", f"{BUCKET}/containers/images.json"),
    ("images-weekly", "codebuild:StartBuild", f"{PROJECT}-images"),
    ("job", "ecr:BatchGetImage", f"{REPOSITORY}-training"),
    ("model", "ecr:BatchGetImage", f"{REPOSITORY}-inference"),
    ("classify-batch", "s3:GetObject", f"{BUCKET}/backfill/2026/a.png"),
    ("classify-batch", "s3:GetObjectVersion", f"{BUCKET}/photos/a.png"),
    ("classify-batch", "s3:PutObject", f"{BUCKET}/batches/run-1/parts/0a1b.json"),
    ("classify-batch", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("batch", "lambda:InvokeFunction", f"{LAMBDA}-classify-batch"),
    ("batch", "states:StartExecution", f"{MACHINE}-batch"),
    ("batch", "states:DescribeExecution", f"{MACHINE.replace('stateMachine', 'execution')}-batch:run-1"),
    ("batch", "s3:ListBucket", BUCKET),
    ("batch", "s3:GetObject", f"{BUCKET}/backfill/photos.csv"),
    ("batch", "s3:PutObject", f"{BUCKET}/batches/run-1/results/0a1b/manifest.json"),
    ("delivery", "iam:PassRole", f"{ROLES}-batch"),
    ("delivery", "iam:PassRole", f"{ROLES}-classify-batch"),
    ("delivery", "states:UpdateStateMachine", f"{MACHINE}-batch"),
    ("classify-image", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "sagemaker:DescribeModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("deploy-model", "sagemaker:CreateModel", f"{SAGEMAKER}:model/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:CreateEndpoint", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:UpdateEndpoint", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "iam:PassRole", f"{ROLES}-model"),
    ("deploy-model", "sagemaker:ListTags", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "sagemaker:ListTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:AddTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "cloudwatch:PutMetricAlarm", f"{ALARM}-vehicles-v7-0a1b2c3d-errors"),
    ("deploy-model", "cloudwatch:DeleteAlarms", f"{ALARM}-vehicles-v7-0a1b2c3d-latency"),
    ("deploy-model", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "cloudwatch:PutMetricData", "*"),
    ("deploy-model", "sns:Publish", f"arn:aws:sns:eu-west-1:123456789012:{PREFIX}-decisions"),
    ("deploy-model", "application-autoscaling:RegisterScalableTarget", TARGET),
    ("deploy-model", "application-autoscaling:DeregisterScalableTarget", TARGET),
    ("deploy-model", "application-autoscaling:PutScalingPolicy", TARGET),
    ("deploy-model", "application-autoscaling:DescribeScalableTargets", "*"),
    ("deploy-model", "sagemaker:UpdateEndpointWeightsAndCapacities", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("deploy-model", "cloudwatch:PutMetricAlarm", f"{TRACKING}/{NAME}/variant/AllTraffic-AlarmHigh-0a1b"),
    ("deploy-model", "cloudwatch:DeleteAlarms", f"{TRACKING}/{NAME}/variant/AllTraffic-AlarmLow-0a1b"),
    ("deploy-model", "iam:CreateServiceLinkedRole", f"{SERVICE_ROLE}_SageMakerEndpoint"),
    ("deploy-model", "sagemaker:DeleteEndpointConfig", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:DeleteModel", f"{SAGEMAKER}:model/{NAME}-v7-0a1b2c3d"),
    ("approver", "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "states:StartExecution", f"{MACHINE}-deploy"),
    ("deploy", "lambda:InvokeFunction", f"{LAMBDA}-deploy-model"),
    ("deploy-rules", "states:StartExecution", f"{MACHINE}-deploy"),
    ("deploy-model", "s3:GetObject", f"{BUCKET}/executions/abc/baseline/statistics.json"),
    ("deploy-model", "s3:PutObject", f"{BUCKET}/baseline/statistics.json"),
    ("deploy-model", "s3:DeleteObject", f"{BUCKET}/baseline/constraints.json"),
    ("deploy-model", "s3:ListBucket", BUCKET),
    ("deploy-model", "s3:GetObject", f"{BUCKET}/executions/abc/baseline/reference.npz"),
    ("deploy-model", "s3:PutObject", f"{BUCKET}/baseline/reference.npz"),
    ("deploy-model", "s3:DeleteObject", f"{BUCKET}/baseline/reference.npz"),
    ("pipeline", "sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/pipelines-abc-TrainModel-xyz"),
    ("pipeline", "sagemaker:CreateProcessingJob", f"{SAGEMAKER}:processing-job/scones-unlimited-local-prepare-abc-xyz"),
    ("pipeline", "sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/1"),
    ("pipeline", "lambda:InvokeFunction", f"{LAMBDA}-deploy-model"),
    ("job", "s3:PutObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("pipeline", "s3:GetObject", f"{BUCKET}/executions/abc/evaluation/evaluation.json"),
    ("pipeline", "iam:PassRole", f"{ROLES}-job"),
    ("approver", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("approver", "s3:GetObject", f"{BUCKET}/executions/abc/evaluation/decision.html"),
    ("reader", "s3:GetObject", f"{BUCKET}/reports/abc/monitoring/report.html"),
    *((role, "sagemaker:DescribeTrainingJob", f"{SAGEMAKER}:training-job/pipelines-abc") for role in PEOPLE),
    *((role, "sagemaker:ListEndpointConfigs", "*") for role in PEOPLE),
    *((role, "sagemaker:ListTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d") for role in PEOPLE),
    ("announce-version", "sns:Publish", f"arn:aws:sns:eu-west-1:123456789012:{PREFIX}-decisions"),
    ("announce-version", "s3:GetObject", f"{BUCKET}/executions/abc/evaluation/evaluation.json"),
    ("delivery", "lambda:UpdateFunctionCode", f"{LAMBDA}-deploy-model"),
    ("delivery", "iam:PassRole", f"{ROLES}-deploy-model"),
    ("job", "s3:GetObject", f"{BUCKET}/capture/{NAME}/AllTraffic/2026/01/02/03/a.jsonl"),
    ("model", "s3:GetObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("model", "s3:PutObject", f"{BUCKET}/capture/{NAME}/AllTraffic/a.jsonl"),
    ("workflow", "lambda:InvokeFunction", f"{LAMBDA}-serialize-image"),
    ("workflow", "sqs:SendMessage", f"{SQS}-review"),
    ("workflow", "s3:PutObject", f"{BUCKET}/review/waiting/run-1.json"),
    ("workflow", "events:PutEvents", "arn:aws:events:eu-west-1:123456789012:event-bus/default"),
    ("schedule", "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/scones-unlimited-local-monitoring"),
    ("delivery", "sagemaker:DescribePipelineExecution", f"{SAGEMAKER}:pipeline/{PREFIX}-training/execution/a"),
    ("delivery", "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/{PREFIX}-rebase"),
    ("delivery", "sagemaker:ListPipelineExecutions", f"{SAGEMAKER}:pipeline/{PREFIX}-training"),
    *(
        ("delivery", f"sagemaker:{action}", f"{SAGEMAKER}:pipeline/{PREFIX}-training/execution/a")
        for action in ("DescribePipelineDefinitionForExecution", "ListPipelineParametersForExecution")
    ),
    ("approver", "sagemaker:ListPipelineExecutionSteps", f"{SAGEMAKER}:pipeline/{PREFIX}-rebase/execution/a"),
    ("delivery", "cloudformation:ExecuteChangeSet", f"{STACK}-application/1"),
    ("delivery", "s3:PutObject", f"{BUCKET}/code/steps/abc/sourcedir.tar.gz"),
    ("delivery", "s3:PutObject", f"{BUCKET}/data/no-champion/README.txt"),
    ("delivery", "sagemaker:ListModelPackages", f"{SAGEMAKER}:model-package-group/{NAME}"),
    ("delivery", "sagemaker:DescribeModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("job", "s3:GetObject", f"{BUCKET}/data/no-champion/README.txt"),
    ("delivery", "s3:PutObject", f"{BUCKET}/baseline/README.txt"),
    ("job", "s3:GetObject", f"{BUCKET}/baseline/statistics.json"),
    ("delivery", "s3:PutObject", f"{BUCKET}/ground-truth/README.txt"),
    ("delivery", "s3:PutObject", f"{BUCKET}/verdicts/README.txt"),
    ("job", "s3:GetObject", f"{BUCKET}/verdicts/a/verdict.json"),
    ("pipeline", "lambda:InvokeFunction", f"{LAMBDA}-select-captures"),
    ("select-captures", "s3:PutObject", f"{BUCKET}/reports/abc/selection/captures.manifest"),
    ("job", "s3:GetObject", f"{BUCKET}/reports/abc/selection/captures.manifest"),
    ("delivery", "iam:PassRole", f"{ROLES}-select-captures"),
    ("pipeline", "lambda:InvokeFunction", f"{LAMBDA}-report-incident"),
    ("report-incident", "s3:GetObject", f"{BUCKET}/reports/abc/monitoring/verdict.json"),
    ("job", "s3:PutObject", f"{BUCKET}/reports/abc/monitoring/report.html"),
    ("report-incident", "s3:GetObject", f"{BUCKET}/data/latest"),
    ("report-incident", "s3:GetObject", f"{BUCKET}/incidents/current.json"),
    ("report-incident", "s3:PutObject", f"{BUCKET}/incidents/current.json"),
    ("report-incident", "s3:PutObject", f"{BUCKET}/verdicts/a/verdict.json"),
    ("report-incident", "s3:ListBucket", BUCKET),
    ("report-incident", "sns:Publish", f"arn:aws:sns:eu-west-1:123456789012:{PREFIX}-alarms"),
    ("report-incident", "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/{PREFIX}-training"),
    ("report-incident", "sagemaker:ListModelPackages", f"{SAGEMAKER}:model-package-group/{NAME}"),
    ("report-incident", "sagemaker:DescribeModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    *((role, "sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/{NAME}") for role in COMPARERS),
    *((role, "sagemaker:DescribeEndpointConfig", f"{SAGEMAKER}:endpoint-config/{CONFIG}") for role in COMPARERS),
    *((role, "sagemaker:DescribeModel", f"{SAGEMAKER}:model/{CONFIG}") for role in COMPARERS),
    *((role, "sagemaker:ListEndpointConfigs", "*") for role in COMPARERS),
    *((role, "sagemaker:ListTags", f"{SAGEMAKER}:endpoint-config/{CONFIG}") for role in COMPARERS),
    ("delivery", "iam:PassRole", f"{ROLES}-report-incident"),
    ("job", "s3:GetObject", f"{BUCKET}/ground-truth/2026/03/09/14/labels.jsonl"),
    ("delivery", "s3:PutObject", f"{BUCKET}/profiles/README.txt"),
    ("job", "s3:GetObject", f"{BUCKET}/profiles/README.txt"),
    ("job", "s3:PutObject", f"{BUCKET}/profiles/profile-abc.json.gz"),
]
REFUSED = [
    ("serialize-image", "s3:GetObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("serialize-image", "s3:PutObject", f"{BUCKET}/photos/run/a.png"),
    ("start-workflow", "states:StartExecution", f"{MACHINE}-deploy"),
    ("start-workflow", "s3:GetObject", f"{BUCKET}/photos/run/a.png"),
    ("start-workflow", "sqs:SendMessage", f"{SQS}-review"),
    ("classify-batch", "s3:PutObject", f"{BUCKET}/batches/run-1/results/0a1b/manifest.json"),
    ("classify-batch", "s3:PutObject", f"{BUCKET}/backfill/2026/a.png"),
    ("batch", "states:StartExecution", f"{MACHINE}-inference"),
    ("batch", "lambda:InvokeFunction", f"{LAMBDA}-serialize-image"),
    ("batch", "s3:GetObject", f"{BUCKET}/photos/a.png"),
    ("batch", "s3:PutObject", f"{BUCKET}/photos/a.png"),
    ("classify-image", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/other"),
    ("filter-inference", "s3:GetObject", f"{BUCKET}/photos/run/a.png"),
    ("deploy-model", "iam:PassRole", f"{ROLES}-delivery"),
    ("deploy-model", "states:StartExecution", f"{MACHINE}-inference"),
    ("deploy", "lambda:InvokeFunction", f"{LAMBDA}-classify-image"),
    ("deploy-rules", "states:StartExecution", f"{MACHINE}-inference"),
    ("deploy-model", "sagemaker:DeleteEndpoint", f"{SAGEMAKER}:endpoint/other"),
    ("deploy-model", "sagemaker:UpdateEndpointWeightsAndCapacities", f"{SAGEMAKER}:endpoint/other"),
    ("deploy-model", "cloudwatch:DeleteAlarms", f"{TRACKING}/other/variant/AllTraffic-AlarmLow-0a1b"),
    ("deploy-model", "iam:CreateServiceLinkedRole", f"{SERVICE_ROLE}_ECSService"),
    ("delivery", "application-autoscaling:DeregisterScalableTarget", TARGET),
    ("deploy-model", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/other"),
    ("deploy-model", "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "cloudwatch:PutMetricAlarm", f"{ALARM}-endpoint-fails"),
    ("deploy-model", "cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:other-vehicles-v1"),
    ("deploy-model", "sagemaker:DeleteModel", f"{SAGEMAKER}:model/scones-unlimited-prod-vehicles-v7-0a1b2c3d"),
    ("deploy-model", "sns:Publish", f"arn:aws:sns:eu-west-1:123456789012:{PREFIX}-alarms"),
    ("approver", "sagemaker:AddTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("reader", "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint-config/{NAME}-v7-0a1b2c3d"),
    ("deploy-model", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("deploy-model", "s3:PutObject", f"{BUCKET}/executions/abc/baseline/statistics.json"),
    ("deploy-model", "s3:DeleteObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("deploy-model", "s3:GetObject", f"{BUCKET}/capture/{NAME}/AllTraffic/a.jsonl"),
    ("job", "s3:PutObject", f"{BUCKET}/code/steps/abc/sourcedir.tar.gz"),
    ("job", "s3:PutObject", f"{BUCKET}/baseline/statistics.json"),
    ("pipeline", "lambda:InvokeFunction", f"{LAMBDA}-serialize-image"),
    ("pipeline", "sagemaker:CreateEndpoint", f"{SAGEMAKER}:endpoint/{NAME}"),
    ("model", "s3:GetObject", f"{BUCKET}/photos/run/a.png"),
    ("model", "ecr:BatchGetImage", f"{REPOSITORY}-training"),
    ("job", "ecr:PutImage", f"{REPOSITORY}-training"),
    ("images", "s3:PutObject", f"{BUCKET}/code/steps/abc/sourcedir.tar.gz"),
    ("images", "s3:GetObject", f"{BUCKET}/photos/a.png"),
    ("images", "ecr:PutImage", f"{REPOSITORY}-other"),
    ("images-weekly", "codebuild:StartBuild", f"{PROJECT}-delivery"),
    ("delivery", "codebuild:UpdateProject", f"{PROJECT}-delivery"),
    ("delivery", "ecr:PutImage", f"{REPOSITORY}-training"),
    ("delivery", "s3:PutObject", f"{BUCKET}/containers/images.json"),
    ("model", "s3:PutObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("workflow", "lambda:InvokeFunction", f"{LAMBDA}-deploy-model"),
    ("workflow", "s3:PutObject", f"{BUCKET}/review/answers/run-1/a.json"),
    ("workflow", "s3:PutObject", f"{BUCKET}/ground-truth/2026/03/09/14/labels.jsonl"),
    ("workflow", "sqs:SendMessage", f"{SQS}-deploy-dead-letters"),
    ("schedule", "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/scones-unlimited-local-training"),
    ("delivery", "iam:PutRolePolicy", f"{ROLES}-delivery"),
    ("delivery", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("delivery", "s3:PutObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("delivery", "s3:PutObject", f"{BUCKET}/baseline/statistics.json"),
    ("delivery", "s3:PutObject", f"{BUCKET}/ground-truth/2026/03/09/14/labels.jsonl"),
    ("job", "s3:PutObject", f"{BUCKET}/ground-truth/2026/03/09/14/labels.jsonl"),
    ("delivery", "s3:PutObject", f"{BUCKET}/profiles/profile-abc.json.gz"),
    ("model", "s3:PutObject", f"{BUCKET}/profiles/profile-abc.json.gz"),
    ("job", "s3:PutObject", f"{BUCKET}/verdicts/a/verdict.json"),
    ("select-captures", "s3:GetObject", f"{BUCKET}/capture/{NAME}/AllTraffic/a.jsonl"),
    ("select-captures", "s3:PutObject", f"{BUCKET}/reports/abc/monitoring/verdict.json"),
    ("report-incident", "s3:GetObject", f"{BUCKET}/capture/{NAME}/AllTraffic/a.jsonl"),
    ("report-incident", "s3:PutObject", f"{BUCKET}/data/latest"),
    ("report-incident", "s3:GetObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("report-incident", "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/{PREFIX}-monitoring"),
    ("report-incident", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("job", "sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("job", "lambda:InvokeFunction", f"{LAMBDA}-deploy-model"),
    ("job", "iam:PassRole", f"{ROLES}-job"),
    ("pipeline", "iam:PassRole", f"{ROLES}-pipeline"),
    ("pipeline", "s3:PutObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("approver", "sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("approver", "s3:GetObject", f"{BUCKET}/executions/abc/model.tar.gz"),
    ("reader", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("reader", "s3:GetObject", f"{BUCKET}/photos/a.png"),
    ("announce-version", "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/{NAME}/7"),
    ("delivery", "cloudformation:DeleteStack", f"{STACK}-storage/1"),
    ("delivery", "cloudformation:CreateChangeSet", f"{STACK}-delivery/1"),
    ("test", "s3:GetObject", f"{BUCKET}/data/latest"),
    ("test", "cloudformation:DescribeStacks", f"{STACK}-application/1"),
]

May = Callable[[str, str, str], bool]
SERVICES = {
    "sagemaker": {"pipeline", "model", "job"},
    "states": {"workflow", "deploy"},
    "events": {"schedule", "deploy-rules"},
    "codebuild": {"images"},
}
# What requests say that conditions of policies ask for.
KEYS: dict[str, str | list[str]] = {
    "events:source": PREFIX,
    "s3:prefix": "executions/a",
    "sagemaker:ModelApprovalStatus": "Approved",
    "aws:TagKeys": ["rolled-back"],
    "application-autoscaling:service-namespace": "sagemaker",
    "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
    "iam:AWSServiceName": "sagemaker.application-autoscaling.amazonaws.com",
    "cloudwatch:namespace": PREFIX,
}


Policies = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def policies() -> Policies:
    """Those where nobody decides about models."""
    return deployed(building_images(load("local")))


@pytest.fixture(scope="module")
def guarded() -> Policies:
    """Those where a person decides about models."""
    settings = load("local")
    return deployed(settings.model_copy(update={"registry": Registry(approval="PendingManualApproval")}))


def building_images(settings: Settings) -> Settings:
    """An environment that takes the newest images that it has built."""
    containers = settings.containers.model_copy(update={"pinned": {}})
    return settings.model_copy(update={"containers": containers})


def deployed(settings: Settings) -> Policies:
    """The statements of each deployed role, by the role's name without the prefix."""
    with mock_aws(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto tells of the resources that it leaves out
        aws = Aws.connect(settings.region, {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"})
        deploy(settings, aws)
        prefix = Names.of(settings, aws.account).prefix + "-"
        roles = [each["RoleName"] for each in aws.client("iam").list_roles()["Roles"]]
        return {role.removeprefix(prefix): list(statements(aws, role)) for role in roles}


def statements(aws: Aws, role: str) -> Iterator[dict[str, Any]]:
    iam = aws.client("iam")
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        # moto answers with a Python dictionary, or the text of one, where AWS has JSON; YAML reads both texts.
        yield from (document if isinstance(document, dict) else yaml.safe_load(document))["Statement"]


@pytest.fixture
def may(policies: Policies) -> May:
    """Whether a role may do something to something."""

    def decide(role: str, action: str, resource: str) -> bool:
        return allowed(policies[role], action, resource, lookup_in(KEYS | {"iam:PassedToService": service(resource)}))

    return decide


def service(role: str) -> str:
    """The service that a role is for, by the role's ARN."""
    name = role.rpartition(f"{PREFIX}-")[2]
    return next((each for each, roles in SERVICES.items() if name in roles), "lambda") + ".amazonaws.com"


@pytest.mark.parametrize(("role", "action", "resource"), ALLOWED)
def test_a_role_may_do_its_work(role: str, action: str, resource: str, may: May) -> None:
    assert may(role, action, resource)


@pytest.mark.parametrize(("role", "action", "resource"), REFUSED)
def test_a_role_may_not_do_the_work_of_others(role: str, action: str, resource: str, may: May) -> None:
    assert not may(role, action, resource)


def test_the_workflow_speaks_for_its_own_environment_alone(policies: Policies) -> None:
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    for source in ("aws.states", "scones-unlimited-prod", f"{PREFIX}-other"):
        assert not allowed(policies["workflow"], "events:PutEvents", bus, lookup_in({"events:source": source}))


def test_the_deploying_function_puts_no_metrics_of_others(policies: Policies) -> None:
    for namespace in ("AWS/SageMaker", "/aws/sagemaker/Endpoints", "scones-unlimited-prod", f"{PREFIX}-other"):
        lookup = lookup_in({"cloudwatch:namespace": namespace})
        assert not allowed(policies["deploy-model"], "cloudwatch:PutMetricData", "*", lookup)


PACKAGE = f"{SAGEMAKER}:model-package/{NAME}/7"
GROUP = f"{SAGEMAKER}:model-package-group/{NAME}"
STATUSES = ("Approved", "Rejected", "PendingManualApproval", None)


def statuses(policies: Policies, role: str, action: str) -> set[str | None]:
    """The approval statuses with which a role may do something to a version; None: without naming one."""
    keys = {each: {"sagemaker:ModelApprovalStatus": each} if each else {} for each in STATUSES}
    return {
        each
        for each in STATUSES
        if any(allowed(policies[role], action, resource, lookup_in(keys[each])) for resource in (GROUP, PACKAGE))
    }


def test_where_a_person_decides_whatever_is_registered_waits(policies: Policies, guarded: Policies) -> None:
    assert statuses(guarded, "pipeline", "sagemaker:CreateModelPackage") == {"PendingManualApproval"}
    assert statuses(policies, "pipeline", "sagemaker:CreateModelPackage") == set(STATUSES)


def test_nobody_but_an_approver_decides(guarded: Policies) -> None:
    deciding = {role: statuses(guarded, role, "sagemaker:UpdateModelPackage") for role in guarded}
    assert {role: found for role, found in deciding.items() if found} == {"approver": {"Approved", "Rejected"}}
    registering = {role for role in guarded if statuses(guarded, role, "sagemaker:CreateModelPackage")}
    assert registering == {"pipeline"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("application-autoscaling:service-namespace", "ecs"),
        ("application-autoscaling:scalable-dimension", "sagemaker:inference-component:DesiredCopyCount"),
    ],
)
def test_nothing_but_variants_of_endpoints_is_scaled(key: str, value: str, policies: Policies) -> None:
    action = "application-autoscaling:RegisterScalableTarget"
    assert not allowed(policies["deploy-model"], action, TARGET, lookup_in({**KEYS, key: value}))


@pytest.mark.parametrize(("role", "key"), [("approver", "rolled-back"), ("deploy-model", "no-instances")])
def test_of_the_marks_a_person_removes_one_and_the_function_the_other(policies: Policies, role: str, key: str) -> None:
    for keys in (["project"], [key, "project"], ["rolled-back"], ["no-instances"]):
        told = lookup_in({"aws:TagKeys": keys})
        assert allowed(policies[role], "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint-config/{CONFIG}", told) == (
            keys == [key]
        )


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", f"{LAMBDA}-deploy-model"),
        ("iam:PassRole", f"{ROLES}-deploy-model"),
        ("states:UpdateStateMachine", f"{MACHINE}-deploy"),
        ("events:PutRule", f"arn:aws:events:eu-west-1:123456789012:rule/{PREFIX}-approval"),
    ],
)
def test_where_a_person_decides_a_push_cannot_change_what_deploys(
    action: str, resource: str, policies: Policies, guarded: Policies
) -> None:
    lookup = lookup_in(KEYS | {"iam:PassedToService": "lambda.amazonaws.com"})
    assert allowed(policies["delivery"], action, resource, lookup)
    assert not allowed(guarded["delivery"], action, resource, lookup)
