import json
from typing import Any

import pytest

from local.protocol.errors import DefinitionError
from local.sagemaker.pipelines.definition import Resolver, check_supported, parameter_values, parse


def definition(*steps: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> str:
    return json.dumps({"Version": "2020-12-01", "Parameters": parameters or [], "Steps": list(steps)})


def step(name: str, arguments: Any = None, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": arguments or {}, **more}


def test_dependencies_come_from_expressions_and_depends_on() -> None:
    text = definition(
        step("A"),
        step("B", {"x": [{"y": {"Get": "Steps.A.Outputs['o'].Uri"}}]}),
        step("C", {"x": {"Std:Join": {"On": "", "Values": [{"Get": "Steps.B.Name"}]}}}, DependsOn=["A"]),
        step("D", {"x": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.C.PropertyFiles.P"}, "Path": "a"}}}),
    )
    needs = {name: set(found.needs) for name, found in parse(text).steps.items()}
    assert needs == {"A": set(), "B": {"A"}, "C": {"A", "B"}, "D": {"C"}}


def test_steps_inside_a_condition_need_it_and_an_outcome() -> None:
    arguments = {"Conditions": [], "IfSteps": [step("Yes")], "ElseSteps": [step("No", {"x": {"Get": "Steps.A.B"}})]}
    parsed = parse(definition(step("A"), {"Name": "Check", "Type": "Condition", "Arguments": arguments}))
    assert parsed.steps["Yes"].branch == ("Check", True)
    assert parsed.steps["No"].branch == ("Check", False)
    assert parsed.steps["No"].needs == {"Check", "A"}
    assert parsed.steps["Check"].needs == frozenset()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "it is not JSON"),
        ("[]", "no list 'Steps'"),
        (definition(step("A"), step("A")), "two steps are named 'A'"),
        (definition({"Name": "A"}), "no 'Type'"),
        (definition(step("A", {"x": {"Get": "Steps.B.C"}})), "'A' depends on 'B', which the definition does not have"),
        (
            definition(step("A", DependsOn=["B"]), step("B", DependsOn=["A"])),
            "in a cycle: A, B, A|in a cycle: B, A, B",
        ),
    ],
)
def test_malformed_definitions(text: str, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        parse(text)


def test_unknown_types_of_steps_are_named() -> None:
    with pytest.raises(DefinitionError, match=r"steps of type EMR \(step 'A'\)"):
        check_supported(parse(definition({"Name": "A", "Type": "EMR"})))


def test_members_without_effect_are_named() -> None:
    with pytest.raises(DefinitionError, match="does not act upon Timeout of the step 'A'"):
        check_supported(parse(definition(step("A", Timeout=5))))
    with pytest.raises(DefinitionError, match="does not act upon MlflowConfig of a pipeline definition"):
        parse(json.dumps({"Steps": [step("A")], "MlflowConfig": {"MlflowResourceArn": "arn"}}))
    check_supported(parse(json.dumps({"Steps": [step("A", Description="")], "MlflowConfig": None})))


PARAMETERS = [
    {"Name": "Text", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
    {"Name": "Count", "Type": "Integer", "DefaultValue": 3},
    {"Name": "Share", "Type": "Float", "DefaultValue": 1},
    {"Name": "Flag", "Type": "Boolean", "DefaultValue": True},
]


def test_parameters_are_typed() -> None:
    parsed = parse(definition(step("A"), parameters=PARAMETERS))
    assert parameter_values(parsed, {}) == {"Text": "a", "Count": 3, "Share": 1.0, "Flag": True}
    values = parameter_values(parsed, {"Text": "b", "Count": "4", "Share": "0.5", "Flag": "false"})
    assert values == {"Text": "b", "Count": 4, "Share": 0.5, "Flag": False}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"Text": "c"}, "expected one of: a, b"),
        ({"Count": "1.5"}, "of type Integer, but its value is '1.5'"),
        ({"Flag": "maybe"}, "of type Boolean, but its value is 'maybe'"),
        ({"Other": "1"}, "Unknown parameter 'Other'"),
    ],
)
def test_parameters_that_do_not_fit(given: dict[str, str], complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        parameter_values(parse(definition(step("A"), parameters=PARAMETERS)), given)


@pytest.fixture
def resolver() -> Resolver:
    files = {"s3://bucket/out/report.json": b'{"metrics": {"f1.score": [0.25, 0.5]}}'}
    resolver = Resolver({"PipelineName": "p"}, {"Share": 0.5, "Text": "t"}, files.__getitem__)
    outputs = [{"OutputName": "o", "S3Output": {"S3Uri": "s3://bucket/out/"}}]
    resolver.steps["A"] = {"ProcessingOutputConfig": {"Outputs": outputs}, "Arn": "arn"}
    file = {"PropertyFileName": "Report", "OutputName": "o", "FilePath": "report.json"}
    parsed = parse(definition(step("A", PropertyFiles=[file])))
    resolver.add_property_files(parsed.steps["A"], {"o": "s3://bucket/out/"})
    return resolver


def json_get(path: str, file: str = "Report") -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.A.PropertyFiles.{file}"}, "Path": path}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Get": "Parameters.Share"}, 0.5),
        ({"Get": "Execution.PipelineName"}, "p"),
        ({"Get": "Steps.A.Arn"}, "arn"),
        ({"Get": "Steps.A.ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri"}, "s3://bucket/out/"),
        ({"Get": "Steps.A.ProcessingOutputConfig.Outputs[0].OutputName"}, "o"),
        ({"Std:Join": {"On": "-", "Values": ["a", {"Get": "Parameters.Share"}, 1, True]}}, "a-0.5-1-true"),
        (json_get("metrics['f1.score'][1]"), 0.5),
        ({"a": [{"Get": "Parameters.Text"}, None, 1]}, {"a": ["t", None, 1]}),
    ],
)
def test_expressions(resolver: Resolver, expression: Any, value: Any) -> None:
    assert resolver.resolve(expression) == value


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ({"Get": "Parameters.Other"}, "no 'Other'"),
        ({"Get": "Steps.B.Arn"}, "'Steps.B.Arn' has no value"),
        ({"Get": "Steps.A.ProcessingOutputConfig.Outputs['x'].S3Output"}, "no 'x'"),
        (json_get("metrics.accuracy"), "there is no 'accuracy' on the path 'metrics.accuracy'"),
        (json_get("metrics", "Other"), "has no property file 'Other'"),
    ],
)
def test_expressions_without_a_value(resolver: Resolver, expression: Any, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        resolver.resolve(expression)


def test_a_property_file_of_an_output_that_is_not_there(resolver: Resolver) -> None:
    file = {"PropertyFileName": "Report", "OutputName": "missing", "FilePath": "report.json"}
    parsed = parse(definition(step("A", PropertyFiles=[file])))
    with pytest.raises(DefinitionError, match="no output 'missing'"):
        resolver.add_property_files(parsed.steps["A"], {"o": "s3://bucket/out"})
