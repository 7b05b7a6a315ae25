import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.validate import validate_parameters
from unit.pipelines.aws_in_memory import account_with_bucket

from pipelines.aws import Aws
from pipelines.definitions import monitoring, rebase, training
from pipelines.definitions.images.choice import choose_images
from pipelines.definitions.jobs import Build
from pipelines.definitions.training_job import CODE
from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings
from pipelines.settings.naming import JobPackage, Names

GOLDEN = Path(__file__).parents[3] / "golden"
DIGESTS: dict[JobPackage, str] = {"steps": "0123456789abcdef", "monitoring": "fedcba9876543210"}
OPERATIONS = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "RegisterModel": "CreateModelPackage",
}
BUILDERS = {
    "training": training.build_pipeline,
    "monitoring": monitoring.build_pipeline,
    "rebase": rebase.build_pipeline,
}
Builder = Callable[..., str]


@pytest.fixture(scope="module")
def build_anew(settings: Settings, names: Names) -> Iterator[Builder]:
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    def build(kind: str, section: str = "training", source: str = "own", **values: object) -> str:
        """The definition with these values in a section of the settings, by default in `training`."""
        containers = settings.containers.model_copy(update={"source": source})
        changed = settings.model_copy(
            update={section: getattr(settings, section).model_copy(update=values), "containers": containers}
        )
        sdk = PipelineSession(boto_session=session, default_bucket=names.bucket)
        return str(BUILDERS[kind](Build(changed, names, DIGESTS, choose_images(changed, names, {}), sdk)).definition())

    with account_with_bucket(names) as session:
        yield build


@pytest.fixture(scope="module")
def build_definition(build_anew: Builder) -> Builder:
    """As `build_anew`, but builds each definition once."""
    return cache(build_anew)


def steps(definition: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for step in definition["Steps"]:
        found[step["Name"]] = step
        branches = [*step["Arguments"].get("IfSteps", []), *step["Arguments"].get("ElseSteps", [])]
        found.update(steps({"Steps": branches}))
    return found


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


def test_the_steps_and_their_order(build_definition: Builder) -> None:
    found = steps(json.loads(build_definition("training")))
    assert list(found) == [
        "PrepareData",
        "TrainModel",
        "EvaluateModel",
        "DescribeData",
        "CheckQuality",
        "RegisterModel",
        "CheckApproval",
        "DeployModel",
        "QualityGateFailed",
    ]
    assert [name for name, step in found.items() if step.get("CacheConfig", {}).get("Enabled")] == [
        "PrepareData",
        "TrainModel",
        "EvaluateModel",
        "DescribeData",
    ]


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


def test_other_classes_are_learnt_in_training_and_kept_apart_for_the_test(build_definition: Builder) -> None:
    found = steps(json.loads(build_definition("training")))
    outputs = found["PrepareData"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    channels = found["TrainModel"]["Arguments"]["InputDataConfig"]
    inputs = found["EvaluateModel"]["Arguments"]["ProcessingInputs"]
    assert [output["OutputName"] for output in outputs] == ["train", "test", "others", "others_test", "manifest"]
    assert [channel["ChannelName"] for channel in channels] == ["train", "others", "manifest", "code"]
    assert {"test", "others_test"} < {each["InputName"] for each in inputs}
    assert "others" not in {each["InputName"] for each in inputs}


def test_each_limit_of_the_configuration_is_a_condition_and_an_argument(build_definition: Builder) -> None:
    found = steps(json.loads(build_definition("training")))
    conditions = {
        each["LeftValue"]["Std:JsonGet"]["Path"]: each["RightValue"]
        for each in found["CheckQuality"]["Arguments"]["Conditions"]
    }
    assert conditions == {
        "accuracy": {"Get": "Parameters.MinimumAccuracy"},
        "coverage": {"Get": "Parameters.MinimumCoverage"},
        "robust_accuracy": {"Get": "Parameters.MinimumRobustAccuracy"},
        "others_margin": 0.0,
        "champion_margin": 0.0,
    }
    arguments = found["EvaluateModel"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert "Parameters.MaximumOthersDecided" in json.dumps(arguments[arguments.index("--maximum-others-decided") + 1])


def test_the_baseline_knows_what_the_model_answered(build_definition: Builder) -> None:
    inputs = json.dumps(
        steps(json.loads(build_definition("training")))["DescribeData"]["Arguments"]["ProcessingInputs"]
    )
    assert "Steps.EvaluateModel.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri" in inputs


def test_several_instances_train_under_torchrun(build_definition: Builder) -> None:
    job = steps(json.loads(build_definition("training", instance_count=3)))["TrainModel"]["Arguments"]
    assert job["ResourceConfig"]["InstanceCount"] == 3
    assert job["HyperParameters"]["sagemaker_torch_distributed_enabled"] == "true"
    alone = steps(json.loads(build_definition("training")))["TrainModel"]["Arguments"]
    assert "sagemaker_torch_distributed_enabled" not in alone["HyperParameters"]


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


def test_spot_instances_may_wait(build_definition: Builder) -> None:
    job = steps(json.loads(build_definition("training", spot=True)))["TrainModel"]["Arguments"]
    assert job["EnableManagedSpotTraining"] is True
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert job["CheckpointConfig"]["LocalPath"] == job["HyperParameters"]["checkpoints"]


def test_what_a_reused_evaluation_made_is_found_where_it_lies(build_definition: Builder) -> None:
    register = json.dumps(steps(json.loads(build_definition("training")))["RegisterModel"])
    assert "Steps.EvaluateModel.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri" in register


def test_no_time_and_no_random_name_is_in_the_definition(build_definition: Builder) -> None:
    text = build_definition("training")
    assert not re.search(r"\d{4}-\d{2}-\d{2}-\d{2}-\d{2}", text)
    assert DIGESTS["steps"] in text


def test_the_training_job_reports_its_metrics(build_definition: Builder) -> None:
    definitions = steps(json.loads(build_definition("training")))["TrainModel"]["Arguments"]["AlgorithmSpecification"]
    line = "network-1 epoch=3 train_loss=0.4123 … final validation_accuracy=0.9000 validation_loss=0.5012"
    values = {each["Name"]: re.search(each["Regex"], line)[1] for each in definitions["MetricDefinitions"]}  # type: ignore[index]
    assert values == {"train_loss": "0.4123", "validation_loss": "0.5012", "validation_accuracy": "0.9000"}


def images(definition: str) -> dict[str, str]:
    """The container image of each step that has one, without its registry."""
    found = {}
    for name, step in steps(json.loads(definition)).items():
        for key in ("TrainingImage", "ImageUri", "Image"):
            if uris := re.findall(rf'"{key}": "([^"]+)"', json.dumps(step["Arguments"])):
                found[name] = uris[0].rpartition("/")[2]
    del found["CheckQuality"]  # its arguments contain the steps of its branches
    return found


@pytest.mark.parametrize(
    ("section", "gpu_steps"),
    [
        ("training", {"TrainModel"}),
        ("processing", {"PrepareData", "DescribeData", "EvaluateModel"}),
        ("endpoint", {"RegisterModel"}),
    ],
)
def test_an_image_of_aws_fits_the_instance_that_runs_it(
    section: str, gpu_steps: set[str], build_definition: Builder
) -> None:
    found = images(build_definition("training", section, source="aws", instance_type="ml.g5.xlarge"))
    assert set(found) == {"PrepareData", "DescribeData", "TrainModel", "EvaluateModel", "RegisterModel"}
    assert {name for name, image in found.items() if "-gpu-" in image or "-cu133-" in image} == gpu_steps
    assert {name for name, image in found.items() if "-cpu-" in image} == set(found) - gpu_steps


def test_own_images_are_named_by_their_digests(build_definition: Builder, settings: Settings) -> None:
    pinned = settings.containers.pinned
    jobs = "scones-unlimited-local-training@" + pinned["training-cpu"]
    assert images(build_definition("training")) == {
        **dict.fromkeys(("PrepareData", "DescribeData", "TrainModel", "EvaluateModel"), jobs),
        "RegisterModel": "scones-unlimited-local-inference@" + pinned["inference-cpu"],
    }


def test_jobs_install_packages_in_images_of_aws_alone(build_definition: Builder) -> None:
    for source, installs in (("own", False), ("aws", True)):
        prepare = steps(json.loads(build_definition("training", source=source)))["PrepareData"]["Arguments"]
        command = prepare["AppSpecification"]["ContainerEntrypoint"]
        assert ("pip install" in " ".join(command)) is installs
        assert command[-1] == "steps.prepare"


@pytest.mark.parametrize(
    ("source", "words"), [("own", "builds no training image for"), ("aws", "no PyTorch 2.13 training image for")]
)
@pytest.mark.parametrize("instance_type", ["ml.inf2.xlarge", "ml.m6g.large"])
def test_an_instance_type_without_a_training_image_is_refused(
    source: str, words: str, instance_type: str, build_definition: Builder
) -> None:
    with pytest.raises(ConfigurationError, match=f"{words} {instance_type}"):
        build_definition("training", source=source, instance_type=instance_type)


def test_the_training_script_takes_every_hyperparameter(settings: Settings) -> None:
    machines = {"instance_type", "instance_count", "max_runtime_minutes", "spot"}
    assert set(settings.training.hyperparameters) == set(type(settings.training).model_fields) - machines
    for name, value in settings.training.hyperparameters.items():
        assert value == getattr(settings.training, name)


@pytest.mark.parametrize(
    ("approval", "choices"),
    [("PendingManualApproval", ["PendingManualApproval"]), ("Approved", ["Approved", "PendingManualApproval"])],
)
def test_where_a_person_decides_no_execution_can_approve(
    approval: str, choices: list[str], build_definition: Builder
) -> None:
    declared = json.loads(build_definition("training", "registry", approval=approval))["Parameters"]
    [parameter] = [each for each in declared if each["Name"] == "ApprovalStatus"]
    assert (parameter["DefaultValue"], parameter["EnumValues"]) == (approval, choices)
