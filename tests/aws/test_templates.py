"""The templates are valid, get their parameters, and name things as pipelines/settings/naming.py does."""

from pathlib import Path

import yaml
from aws.templates import Resources, text
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from pipelines.delivery.deployment import application_parameters, delivery_parameters, image_parameters, parameter_of
from pipelines.delivery.templates import LARGEST, LARGEST_BODY, read_template
from pipelines.packages.lambda_layer import LAYERS
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names


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


def test_every_role_keeps_to_the_boundary(everything: Resources) -> None:
    boundary = {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
    roles = [each["Properties"] for each in everything.values() if each["Type"] == "AWS::IAM::Role"]
    assert len(roles) > 15
    assert all(each["PermissionsBoundary"] == boundary for each in roles)


def test_who_may_take_on_a_role_is_said_with_the_account(everything: Resources) -> None:
    for name, role in everything.items():
        if role["Type"] == "AWS::IAM::Role":
            [statement] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            if "Service" in statement["Principal"]:
                assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, name
            else:
                assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, name


def test_a_push_is_tested_before_it_is_deployed_and_never_out_of_order(delivery: Resources) -> None:
    pipeline = delivery["Push"]["Properties"]
    assert delivery["Push"]["Condition"] == delivery["PushRole"]["Condition"] == "Connected"
    assert (pipeline["PipelineType"], pipeline["ExecutionMode"]) == ("V2", "SUPERSEDED")
    assert [stage["Name"] for stage in pipeline["Stages"]] == ["Source", "Test", "Deploy"]
    [trigger] = pipeline["Triggers"]
    assert trigger["GitConfiguration"]["Push"] == [{"Branches": {"Includes": [{"Ref": "Branch"}]}}]
    roles = {delivery[name]["Properties"]["ServiceRole"]["Fn::GetAtt"][0] for name in ("Test", "Delivery")}
    assert roles == {"TestRole", "DeliveryRole"}
