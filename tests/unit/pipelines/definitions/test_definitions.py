"""What holds for the definition of each pipeline, and what those of monitoring and rebase are made of."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.validate import validate_parameters
from unit.pipelines.definitions.built import BUILDERS, Builder, builder, steps

from pipelines.aws import Aws
from pipelines.definitions.training_job import CODE
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

GOLDEN = Path(__file__).parents[3] / "golden"
OPERATIONS = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "RegisterModel": "CreateModelPackage",
}


@pytest.fixture(scope="module")
def build_anew(settings: Settings, names: Names) -> Iterator[Builder]:
    with builder(settings, names) as build:
        yield build


@pytest.fixture(scope="module")
def build_definition(build_anew: Builder) -> Builder:
    """As `build_anew`, but builds each definition once."""
    return cache(build_anew)


def resolved(value: Any) -> Any:
    """The value with each reference replaced by a sample of its kind."""
    if isinstance(value, dict):
        if set(value) & {"Get", "Std:Join", "Std:JsonGet"}:
            return "ml.m5.large" if "InstanceType" in str(value) else "s3://bucket/key"
        return {key: resolved(each) for key, each in value.items()}
    return [resolved(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_definition_is_what_was_agreed(kind: str, build_definition: Builder, golden: Any) -> None:
    golden(GOLDEN / f"{kind}.json", json.dumps(json.loads(build_definition(kind)), indent=2) + "\n")


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_same_inputs_give_the_same_bytes(kind: str, build_anew: Builder) -> None:
    assert build_anew(kind) == build_anew(kind)


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_step_is_a_request_that_sagemaker_knows(kind: str, build_definition: Builder, aws: Aws) -> None:
    model = aws.sagemaker.meta.service_model
    checked = 0
    for name, step in steps(json.loads(build_definition(kind))).items():
        if operation := OPERATIONS.get(step["Type"]):
            job_name = {f"{step['Type']}JobName": name} if operation.endswith("Job") else {}
            arguments = {**job_name, **resolved(step["Arguments"])}
            if step["Type"] == "RegisterModel":
                kept = ("ModelQuality", "ModelDataQuality")
                arguments["ModelMetrics"] = {name: arguments["ModelMetrics"][name] for name in kept}
            validate_parameters(arguments, model.operation_model(operation).input_shape)
            checked += 1
    assert checked == {"training": 5, "monitoring": 1, "rebase": 3}[kind]


def test_several_instances_of_monitoring_read_captures_in_shares(build_anew: Builder) -> None:
    found = steps(json.loads(build_anew("monitoring", "monitoring", instance_count=2)))
    shares = ["ProfileCaptures1", "ProfileCaptures2"]
    assert list(found) == ["SelectCaptures", *shares, "AnalyzeCaptures", "ReportIncident"]
    assert found["SelectCaptures"]["Arguments"]["shares"] == 2
    for number, name in enumerate(shares, 1):
        captures, *_ = found[name]["Arguments"]["ProcessingInputs"]
        assert captures["S3Input"]["S3DataType"] == "ManifestFile"
        assert captures["S3Input"]["S3Uri"]["Std:Join"]["Values"][-1] == f"share-{number}.manifest"
        assert found[name]["Arguments"]["ProcessingResources"]["ClusterConfig"]["InstanceCount"] == 1
    assert found["AnalyzeCaptures"]["DependsOn"] == shares
    inputs = {each["InputName"]: each for each in found["AnalyzeCaptures"]["Arguments"]["ProcessingInputs"]}
    assert inputs["new-profiles"]["S3Input"]["S3Uri"] == {
        "Get": "Steps.ProfileCaptures1.ProcessingOutputConfig.Outputs['new-profiles'].S3Output.S3Uri"
    }


def test_what_is_rebased_is_evaluated_on_given_photos_and_waits_whatever_the_settings_say(
    build_definition: Builder,
) -> None:
    text = build_definition("rebase", "registry", approval="Approved")
    found = steps(json.loads(text))
    assert list(found) == ["EvaluateModel", "DescribeData", "CheckQuality", "RegisterModel", "QualityGateFailed"]
    register = found["RegisterModel"]["Arguments"]
    assert register["ModelApprovalStatus"] == "PendingManualApproval"
    metadata, container = register["CustomerMetadataProperties"], register["InferenceSpecification"]["Containers"][0]
    assert (metadata["rebased_from"], metadata["image"]) == ({"Get": "Parameters.RebasedFrom"}, container["Image"])
    assert container["ModelDataUrl"] == {"Get": "Parameters.ModelUri"}
    inputs = {each["InputName"]: each["S3Input"] for each in found["EvaluateModel"]["Arguments"]["ProcessingInputs"]}
    prepared = {"Std:Join": {"On": "/", "Values": [{"Get": "Parameters.PreparedDataUri"}, "others_test"]}}
    assert inputs["others_test"]["S3Uri"] == prepared
    card = json.dumps(register["ModelCard"])
    assert "user_provided_hyper_parameters" not in card  # today's settings are not those of the training


def test_every_job_is_in_the_vpc_that_the_configuration_names(build_definition: Builder) -> None:
    for kind in BUILDERS:
        found = steps(json.loads(build_definition(kind, "network", subnets=("subnet-1",), security_groups=("sg-1",))))
        jobs = [each for each in found.values() if each["Type"] in ("Training", "Processing")]
        networks = [each["Arguments"].get("NetworkConfig", each["Arguments"]) for each in jobs]
        wanted = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
        assert [each["VpcConfig"] for each in networks] == [wanted] * len(jobs)
        assert jobs


def test_every_job_may_be_cut_off_from_all_networks(build_definition: Builder) -> None:
    for kind in BUILDERS:
        found = steps(json.loads(build_definition(kind, "network", isolation=True)))
        jobs = [each["Arguments"] for each in found.values() if each["Type"] in ("Training", "Processing")]
        assert all(each.get("NetworkConfig", each)["EnableNetworkIsolation"] is True for each in jobs)
        fetched = [each.get("HyperParameters", {}).get("sagemaker_submit_directory", CODE) for each in jobs]
        assert all(each.startswith(CODE) for each in fetched)
