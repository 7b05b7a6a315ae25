"""The templates are valid, and name things as pipelines/settings/naming.py does."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from local.events.patterns import matches
from local.events.targets import target_input
from local.metrics.publishing import is_measured
from local.sagemaker.pipelines.records import status_change
from pipelines.cost.assumptions import Assumptions
from pipelines.delivery.deployment import application_parameters, delivery_parameters, image_parameters, parameter_of
from pipelines.delivery.templates import LARGEST, LARGEST_BODY, read_template
from pipelines.doctor import stuck
from pipelines.packages.lambda_layer import LAYERS
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names

ROOT = Path(__file__).parents[2]
Resources = dict[str, dict[str, Any]]
# The property with the name, of each type that has one.
NAME_OF = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Events::Rule": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::ECR::Repository": "RepositoryName",
}


def text(value: Any, names: Names, settings: Settings) -> str:
    """A text with CloudFormation's variables filled in."""
    filled = str(value["Fn::Sub"]) if isinstance(value, Mapping) else str(value)
    for variable, known in {
        "Project": settings.project,
        "Environment": settings.environment,
        "AWS::AccountId": names.account,
        "AWS::Region": names.region,
        "AWS::Partition": "aws",
    }.items():
        filled = filled.replace("${" + variable + "}", known)
    assert "${" not in filled
    return filled


@pytest.fixture
def given(everything: Resources, names: Names, settings: Settings) -> dict[str, str]:
    """The name of every resource that has one, by its logical name."""
    return {
        logical: text(each["Properties"][NAME_OF[each["Type"]]], names, settings)
        for logical, each in everything.items()
        if NAME_OF.get(each["Type"]) in each["Properties"]
    }


def test_cfn_lint_finds_nothing(template_path: Path) -> None:
    # I3510 is off by default: it compares the resources of each statement with what its actions work on.
    found = lint_file(template_path, ManualArgs(include_checks=["I"], regions=["eu-west-1", "us-east-1"]))
    assert [f"{match.linenumber}: {match.message}" for match in found] == []


def test_a_template_is_not_too_large(template_path: Path) -> None:
    # That of the bucket must fit into the call: there is no bucket yet from which CloudFormation could read it.
    assert len(template_path.read_bytes()) < (LARGEST_BODY if template_path.stem == "storage" else LARGEST)


def test_names_are_those_of_the_code(given: dict[str, str], names: Names) -> None:
    assert given["Bucket"] == names.bucket
    assert given["ReviewQueue"] == names.review_queue
    for logical, role in {"PipelineRole": "pipeline", "ModelRole": "model", "WorkflowRole": "workflow"}.items():
        assert f"arn:aws:iam::{names.account}:role/{given[logical]}" == names.role_arn(role)
    for name in LAMBDA_NAMES:
        logical = parameter_of(name).removesuffix("Key")
        assert given[logical] == names.function(name)
        assert given[f"{logical}Logs"] == f"/aws/lambda/{names.function(name)}"


def test_every_name_is_of_this_environment_and_given_once(
    given: dict[str, str], names: Names, everything: Resources
) -> None:
    assert [name for name in given.values() if names.prefix not in name] == []
    typed = [(everything[logical]["Type"], name) for logical, name in given.items()]
    assert len(set(typed)) == len(typed)


def test_rules_are_those_that_are_paused_before_a_deletion(
    application: Resources, given: dict[str, str], names: Names
) -> None:
    rules = {given[name] for name, each in application.items() if each["Type"] == "AWS::Events::Rule"}
    assert rules == {f"{names.prefix}-{each}" for each in names.rules}


def test_what_the_templates_say_of_others_is_true(application: Resources, names: Names, settings: Settings) -> None:
    variables = application["DeployModel"]["Properties"]["Environment"]["Variables"]
    assert text(variables["ENDPOINT_NAME"], names, settings) == names.endpoint
    assert text(variables["MODEL_PACKAGE_GROUP"], names, settings) == names.model_package_group
    assert text(variables["CAPTURE_URI"], names, settings) == names.s3("capture")
    assert text(variables["BASELINE_URI"], names, settings) == names.baseline_uri
    pattern = application["ApprovalRule"]["Properties"]["EventPattern"]
    assert text(pattern["detail"]["ModelPackageGroupName"][0], names, settings) == names.model_package_group
    [target] = application["MonitoringRule"]["Properties"]["Targets"]
    pipeline = f"arn:aws:sagemaker:{names.region}:{names.account}:pipeline/{names.monitoring_pipeline}"
    assert text(target["Arn"], names, settings) == pipeline


def test_people_hear_of_monitoring_that_fails(application: Resources, names: Names, settings: Settings) -> None:
    rule = application["PipelineFailsRule"]["Properties"]
    pipelines = [text(each, names, settings) for each in rule["EventPattern"]["detail"]["pipelineArn"]]
    pattern = json.loads(json.dumps(rule["EventPattern"]))
    pattern["detail"]["pipelineArn"] = pipelines
    pipeline = f"arn:aws:sagemaker:{names.region}:{names.account}:pipeline/{names.monitoring_pipeline}"
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": "AlarmTopic"}
    for status, told in (("Succeeded", False), ("Executing", False), ("Stopped", True), ("Failed", True)):
        record = {
            "PipelineArn": pipeline,
            "PipelineExecutionArn": f"{pipeline}/execution/abc",
            "PipelineExecutionDisplayName": "x",
            "PipelineExecutionStatus": status,
            "StartTime": datetime(2026, 3, 2, 8, tzinfo=UTC),
        }
        title, resources, detail = status_change(record, "Executing")
        event = {"source": "aws.sagemaker", "detail-type": title, "resources": resources, "detail": detail, "time": ""}
        assert matches(pattern, event) is told
    message = json.loads(target_input(json.loads(json.dumps(target)), event))
    assert message.startswith(f"The pipeline execution {pipeline}/execution/abc ended: Failed. ")


def test_the_topic_of_failures_hears_of_the_workflow_alone(
    application: Resources, names: Names, settings: Settings
) -> None:
    rule = application["WorkflowFailsRule"]["Properties"]
    pattern = json.loads(json.dumps(rule["EventPattern"]))
    pattern["detail"]["stateMachineArn"] = [text(pattern["detail"]["stateMachineArn"][0], names, settings)]
    event = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change"}
    for machine in (names.state_machine_arn, names.deployment_machine_arn):
        for status in ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"):
            told = matches(pattern, {**event, "detail": {"status": status, "stateMachineArn": machine}})
            assert told is (machine == names.state_machine_arn and status not in ("RUNNING", "SUCCEEDED"))
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": "FailureTopic"}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["FailureDeadLetters", "Arn"]}}


@pytest.mark.parametrize("policy", ["AlarmTopicPolicy", "FailureTopicPolicy", "RouteTopicPolicy"])
def test_a_condition_keeps_no_event_out_of_the_topic(application: Resources, policy: str) -> None:
    """AWS: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"; such rules tell nobody."""
    statements = application[policy]["Properties"]["PolicyDocument"]["Statement"]
    by_events = [each for each in statements if "events.amazonaws.com" in json.dumps(each["Principal"])]
    assert [("Condition" in each) for each in by_events] == [False]
    assert all("Condition" in each for each in statements if each not in by_events)


def declared(name: str) -> set[str]:
    """The names of a template's parameters."""
    return set(yaml.safe_load(read_template(name).body.split("Resources:")[0].split("Conditions:")[0])["Parameters"])


def test_the_templates_get_their_parameters(settings: Settings) -> None:
    keys = {parameter_of(name) for name in (*LAMBDA_NAMES, *LAYERS)}
    base = {"Project", "Environment", "KmsKeyArn"}
    assert declared("storage") == base
    assert declared("application") == base | keys | set(application_parameters(settings))
    assert declared("images") == base | {"SourcesKey"} | set(image_parameters(settings))
    assert declared("delivery") == base | set(delivery_parameters(settings))


def test_resources_without_a_condition_are_expected(application: Resources) -> None:
    expected = read_template("application").resources
    assert expected == {name: each["Type"] for name, each in application.items() if "Condition" not in each}
    conditions = {name: each["Condition"] for name, each in application.items() if "Condition" in each}
    layers = dict.fromkeys(("PillowLayer", "PowertoolsLayer"), "HasLayers")
    optional = {"RegisteredModelsWait": "PersonDecides", "UseTheKey": "HasKey", "Budget": "HasBudget"}
    optional |= {"ConnectFunctions": "HasNetwork", "ConnectContainers": "HasNetwork"}
    routes = {name: "HasRoutesTopic" for name in application if name.startswith("Route")}
    assert len(routes) == 6
    assert conditions == layers | optional | routes


def test_what_reaches_a_bucket_may_use_its_key(
    everything: Resources, application: Resources, delivery: Resources
) -> None:
    using = {"TestRole", "DeliveryRole", "PushRole", "ImageBuildRole"}
    using |= {each["Ref"] for each in application["UseTheKey"]["Properties"]["Roles"]}
    for name, role in everything.items():
        if role["Type"] == "AWS::IAM::Role":
            reaches = any(f'"s3:{verb}Object"' in json.dumps(role) for verb in ("Get", "Put"))
            assert (name in using) == reaches, name
    assert [each["Ref"] for each in delivery["UseTheKey"]["Properties"]["Roles"]] == ["TestRole", "DeliveryRole"]
    assert [each["Ref"] for each in delivery["PushUsesTheKey"]["Properties"]["Roles"]] == ["PushRole"]


def test_every_role_keeps_to_the_boundary(everything: Resources) -> None:
    boundary = {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
    roles = [each["Properties"] for each in everything.values() if each["Type"] == "AWS::IAM::Role"]
    assert len(roles) > 15
    assert all(each["PermissionsBoundary"] == boundary for each in roles)


def test_every_queue_of_dead_letters_has_an_alarm(application: Resources) -> None:
    queues = {name for name, each in application.items() if each["Type"] == "AWS::SQS::Queue" and "DeadLetters" in name}
    alarms = [each["Properties"] for each in application.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    watched = {
        value["Value"]["Fn::GetAtt"][0]
        for each in alarms
        for value in each["Dimensions"]
        if value["Name"] == "QueueName"
    }
    assert queues <= watched
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopic"}] for each in alarms)


def test_who_may_take_on_a_role_is_said_with_the_account(everything: Resources) -> None:
    for name, role in everything.items():
        if role["Type"] == "AWS::IAM::Role":
            [statement] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            if "Service" in statement["Principal"]:
                assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, name
            else:
                assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, name


def test_the_bucket_is_encrypted_and_versioned(storage: Resources) -> None:
    bucket = storage["Bucket"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == {"Fn::If": ["HasKey", "aws:kms", "AES256"]}


def test_every_bucket_is_private_and_takes_tls_only(everything: Resources) -> None:
    buckets = {name: each["Properties"] for name, each in everything.items() if each["Type"] == "AWS::S3::Bucket"}
    policies = [each["Properties"] for each in everything.values() if each["Type"] == "AWS::S3::BucketPolicy"]
    assert {each["Bucket"]["Ref"] for each in policies} == set(buckets)
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert bucket["LifecycleConfiguration"]["Rules"]
    for policy in policies:
        [statement] = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_push_is_tested_before_it_is_deployed_and_never_out_of_order(delivery: Resources) -> None:
    pipeline = delivery["Push"]["Properties"]
    assert delivery["Push"]["Condition"] == delivery["PushRole"]["Condition"] == "Connected"
    assert (pipeline["PipelineType"], pipeline["ExecutionMode"]) == ("V2", "SUPERSEDED")
    assert [stage["Name"] for stage in pipeline["Stages"]] == ["Source", "Test", "Deploy"]
    [trigger] = pipeline["Triggers"]
    assert trigger["GitConfiguration"]["Push"] == [{"Branches": {"Includes": [{"Ref": "Branch"}]}}]
    roles = {delivery[name]["Properties"]["ServiceRole"]["Fn::GetAtt"][0] for name in ("Test", "Delivery")}
    assert roles == {"TestRole", "DeliveryRole"}


def test_models_never_expire(storage: Resources) -> None:
    rules = storage["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    expiring = {rule["Prefix"] for rule in rules if "ExpirationInDays" in rule}
    assert expiring == {
        "capture/",
        "profiles/profile-",
        "reports/",
        "photos/",
        "test-photos/",
        "checkpoints/",
        "backfill/",
        "batches/",
    }


@pytest.fixture
def functions(application: Resources) -> Resources:
    found = {name: each for name, each in application.items() if each["Type"] == "AWS::Lambda::Function"}
    assert len(found) == len(LAMBDA_NAMES)
    return found


def test_every_function_has_the_layers_that_it_needs(functions: Resources) -> None:
    powertools = {"Ref": "PowertoolsLayer"}
    for name, function in functions.items():
        layers = [{"Ref": "PillowLayer"}, powertools] if name in ("SerializeImage", "ClassifyBatch") else [powertools]
        assert function["Properties"]["Layers"] == {"Fn::If": ["HasLayers", layers, {"Ref": "AWS::NoValue"}]}


def test_every_function_logs_under_its_own_name(functions: Resources) -> None:
    for name in LAMBDA_NAMES:
        variables = functions[parameter_of(name).removesuffix("Key")]["Properties"]["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == name
        assert variables["POWERTOOLS_LOG_LEVEL"] == {"Ref": "LambdaLogLevel"}


def test_every_function_is_traced_and_logged(functions: Resources, application: Resources) -> None:
    for name, function in functions.items():
        assert function["Properties"]["TracingConfig"] == {"Mode": "Active"}
        assert function["Properties"]["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": {"Ref": f"{name}Logs"}}
        assert "RetentionInDays" in application[f"{name}Logs"]["Properties"]


def test_every_function_and_what_runs_in_sagemaker_can_be_in_a_vpc(
    functions: Resources, application: Resources, settings: Settings
) -> None:
    network = {name: {"Fn::Split": [",", {"Ref": name}]} for name in ("SubnetIds", "SecurityGroupIds")}
    for function in functions.values():
        assert function["Properties"]["VpcConfig"] == {"Fn::If": ["HasNetwork", network, {"Ref": "AWS::NoValue"}]}
    roles = {each["Properties"]["Role"]["Fn::GetAtt"][0] for each in functions.values()}
    connected = application["ConnectFunctions"]["Properties"]
    assert {each["Ref"] for each in connected["Roles"]} == roles
    *allowing, denying = connected["PolicyDocument"]["Statement"]
    assert sorted(denying["Action"]) == sorted(action for each in allowing for action in each["Action"])
    assert application_parameters(settings)["SubnetIds"] == ""


def test_the_endpoints_that_functions_need_in_a_vpc_are_documented() -> None:
    called = {
        name
        for file in (ROOT / "lambdas").rglob("*.py")
        for name in re.findall(r"[^\w]client\(\"([\w-]+)\"\)", file.read_text())
    }
    endpoints = {
        "sagemaker": "sagemaker.api",
        "sagemaker-runtime": "sagemaker.runtime",
        "stepfunctions": "states",
        "cloudwatch": "monitoring",
    }
    section = (ROOT / "docs/delivery.md").read_text().split("### In a VPC")[1].split("\n## ")[0]
    assert {endpoints.get(name, name) for name in called} == set(
        re.findall(r"^\| `([\w.-]+)` \|", section, re.MULTILINE)
    )


def test_queues_are_encrypted_and_nothing_is_lost(application: Resources) -> None:
    queues = {name: each["Properties"] for name, each in application.items() if each["Type"] == "AWS::SQS::Queue"}
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())
    assert queues["ReviewQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["ReviewDeadLetters", "Arn"]}
    for rule in ("ApprovalRule", "DeployNetRule"):
        [target] = application[rule]["Properties"]["Targets"]
        assert target["Arn"] == {"Ref": "DeployMachine"}
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["DeployDeadLetters", "Arn"]}}
    [decision] = application["ApprovalRule"]["Properties"]["Targets"]
    assert decision["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_uploads_of_photos_start_the_workflow_and_none_is_lost(storage: Resources, application: Resources) -> None:
    notified = storage["Bucket"]["Properties"]["NotificationConfiguration"]
    assert notified == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rule = application["UploadRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["bucket"] == {"name": [storage["Bucket"]["Properties"]["BucketName"]]}
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "photos/"}]}
    assert rule["State"] == {"Ref": "UploadRuleState"}
    [target] = rule["Targets"]
    letters = {"Fn::GetAtt": ["StartDeadLetters", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": letters}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert application["StartWorkflow"]["Properties"]["DeadLetterConfig"] == {"TargetArn": letters}
    permission = application["UploadsMayStart"]["Properties"]
    assert permission["SourceArn"] == {"Fn::GetAtt": ["UploadRule", "Arn"]}


def test_nothing_of_the_project_uploads_photos(application: Resources) -> None:
    """One that did could start executions without end."""
    for each in application.values():
        for policy in each["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                resources = json.dumps(statement.get("Resource", ""))
                assert "s3:PutObject" not in statement["Action"] or "/photos/" not in resources


def test_the_endpoint_alarm_watches_the_variant_that_is_deployed(application: Resources) -> None:
    from lambdas.shared.deployments import VARIANT

    dimensions = application["EndpointFailsAlarm"]["Properties"]["Dimensions"]
    assert {"Name": "VariantName", "Value": VARIANT} in dimensions


def dashboard(application: Resources, names: Names, settings: Settings) -> dict[str, Any]:
    """The body of the dashboard where there is a topic of routes."""
    body, variables = application["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    for name, value in variables.items():
        condition, chosen, otherwise = value["Fn::If"]
        assert (condition, otherwise) == ("HasRoutesTopic", "")
        body = body.replace("${" + name + "}", chosen["Fn::Sub"])
    return dict(json.loads(text({"Fn::Sub": body}, names, settings)))


def test_the_dashboard_shows_what_there_is(
    application: Resources, given: dict[str, str], names: Names, settings: Settings
) -> None:
    shown = dashboard(application, names, settings)
    metrics = [each for widget in shown["widgets"] for each in widget["properties"].get("metrics", [])]
    known = set(given.values()) | {names.endpoint, names.state_machine_arn, "AllTraffic"}
    values = {each[index] for each in metrics for index in range(3, len(each), 2) if isinstance(each[index], str)}
    assert values - known == set()
    queries = [widget["properties"]["query"] for widget in shown["widgets"] if widget["type"] == "log"]
    assert {query.split("'")[1] for query in queries} <= set(given.values())
    corners = [(each["x"], each["y"], each["x"] + each["width"]) for each in shown["widgets"]]
    assert len({corner[:2] for corner in corners}) == len(corners)
    assert max(right for _, _, right in corners) == 24


def test_the_estimate_counts_what_is_paid_for_by_the_month(application: Resources) -> None:
    kinds = [each["Type"] for each in application.values() if "Condition" not in each]
    assert kinds.count("AWS::CloudWatch::Alarm") == Assumptions().alarms
    assert kinds.count("AWS::CloudWatch::Dashboard") == Assumptions().dashboards


def test_the_doctor_looks_at_all_dead_letters_and_topics(given: dict[str, str], names: Names) -> None:
    queues = {name for name in given.values() if name.endswith("-dead-letters")}
    assert queues == {f"{names.prefix}-{each}-dead-letters" for each in stuck.DEAD_LETTERS}
    topics = {given[logical] for logical in given if logical.endswith("Topic")}
    assert topics == {f"{names.prefix}-{each}" for each in stuck.TOPICS}


def alarms(resources: Resources) -> dict[str, Any]:
    """The properties of all alarms, by logical name."""
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


def test_the_local_aws_measures_what_alarms_watch(everything: Resources) -> None:
    found = {name: (each["Namespace"], each["MetricName"]) for name, each in alarms(everything).items()}
    assert len(found) >= 10
    assert {name: metric for name, metric in found.items() if not is_measured(*metric)} == {}


def test_the_dashboard_shows_all_alarms_and_all_queues_that_have_one(
    application: Resources, given: dict[str, str], names: Names, settings: Settings
) -> None:
    widgets = dashboard(application, names, settings)["widgets"]
    shown = {arn.rpartition(":")[2] for each in widgets for arn in each["properties"].get("alarms", [])}
    assert shown == {given[name] for name in alarms(application)}
    metrics = [each for widget in widgets for each in widget["properties"].get("metrics", [])]
    drawn = {each[3] for each in metrics if each[0] == "AWS/SQS"}
    watched = {
        given[dimension["Value"]["Fn::GetAtt"][0]]
        for each in alarms(application).values()
        for dimension in each["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert drawn == watched


def test_the_runbook_says_what_to_do_about_each_alarm(everything: Resources, given: dict[str, str]) -> None:
    section = (ROOT / "docs" / "runbook.md").read_text("utf-8").split("\n## An alarm rang\n")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    explained = {name for cell in first_cells for name in re.findall(r"`([a-z-]+)`", cell)}
    prefix = "${Project}-${Environment}-"
    names = {each["AlarmName"]["Fn::Sub"].removeprefix(prefix) for each in alarms(everything).values()}
    assert explained == names


def test_the_documentation_names_what_the_local_aws_cannot_show_on_the_dashboard(
    application: Resources, names: Names, settings: Settings
) -> None:
    text_of_docs = (ROOT / "docs" / "local-aws" / "cloudwatch.md").read_text("utf-8")
    widgets = dashboard(application, names, settings)["widgets"]
    drawn = [each for widget in widgets for each in widget["properties"].get("metrics", [])]
    plain = {(each[0], each[1]) for each in drawn if isinstance(each[0], str)}
    searched = {
        match.groups()
        for each in drawn
        if isinstance(each[0], dict) and (match := re.search(r"{([^,]+),.*MetricName=\"(\w+)\"", each[0]["expression"]))
    }
    empty = {metric for metric in plain | searched if not is_measured(*metric)}
    assert ("/aws/sagemaker/TrainingJobs", "validation_accuracy") in empty
    said = text_of_docs.split("stay empty: ")[1].split("\n\n")[0].split(". Who makes")[0]
    assert set(re.findall(r"`(\w+)`", said)) == {name for _, name in empty}
    assert set(re.findall(r"`(/[^`]+)`", said)) == {namespace for namespace, _ in empty}
