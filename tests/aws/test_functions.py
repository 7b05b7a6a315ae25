"""The Lambda functions: layers, logs, traces and networks."""

import re

import pytest
from aws.templates import ROOT, Resources

from pipelines.delivery.deployment import application_parameters, parameter_of
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES


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
