"""Which events and schedules start what, in a deployed environment."""

import json

import pytest
from unit.pipelines.delivery.changed_settings import changed

from pipelines.aws import Aws
from pipelines.delivery.deployment import deploy
from pipelines.delivery.rules import enabled as wanted_rules
from pipelines.delivery.rules import pause
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")


@pytest.fixture
def aws(empty: Aws) -> Aws:
    """The account of these tests."""
    return empty


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
