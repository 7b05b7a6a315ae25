"""The definition of the training pipeline: its steps, what goes from one to the next, and their images."""

import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from unit.pipelines.definitions.built import DIGESTS, Builder, builder, steps

from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture(scope="module")
def build_definition(settings: Settings, names: Names) -> Iterator[Builder]:
    """Builds each definition once."""
    with builder(settings, names) as build:
        yield cache(build)


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
