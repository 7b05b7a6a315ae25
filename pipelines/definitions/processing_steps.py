"""The processing steps of pipelines that register models: PrepareData, DescribeData and EvaluateModel."""

from typing import Any

from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipelines.definitions.jobs import Build, ProcessingJob, cache, inside, processing
from pipelines.definitions.parameters import EvaluationParameters, TrainingParameters
from pipelines.definitions.step_outputs import REPORT, Prepared, folder


def prepare_step(build: Build, parameters: TrainingParameters) -> ProcessingStep:
    """PrepareData: extracts the configured classes from the raw archive, splits them, and adds reviewed photos."""
    arguments = ["--archive", inside("input", "raw"), "--output", "/opt/ml/processing/output"]
    arguments += ["--reviewed", inside("input", "reviewed")]
    arguments += ["--classes", ",".join(build.settings.dataset.classes)]
    arguments += ["--others", str(build.settings.dataset.others)]
    outputs = ["train", "test", "others", "others_test", "manifest"]
    inputs = {"raw": parameters.data, "reviewed": parameters.reviewed}
    job = ProcessingJob("prepare", "steps", "prepare", arguments, inputs, outputs)
    return ProcessingStep(
        name="PrepareData",
        step_args=processing(build, job, parameters.processing_instance),
        cache_config=cache(build),
    )


def describe_step(
    build: Build, parameters: EvaluationParameters, prepared: Prepared, evaluate: ProcessingStep
) -> ProcessingStep:
    """DescribeData: what monitoring compares with, from the prepared photos and from the model's answers."""
    arguments = ["--train", inside("input", "train"), "--manifest", inside("input", "manifest")]
    arguments += ["--others", inside("input", "others")]
    arguments += ["--answers", inside("input", "answers"), "--output", inside("output", "baseline")]
    inputs = {name: prepared(name) for name in ("train", "manifest", "others")}
    inputs["answers"] = folder(evaluate, "evaluation")
    job = ProcessingJob("describe", "monitoring", "suggest_baseline", arguments, inputs, ["baseline"])
    return ProcessingStep(
        name="DescribeData",
        step_args=processing(build, job, parameters.processing_instance),
        cache_config=cache(build),
    )


def evaluate_step(
    build: Build,
    parameters: EvaluationParameters,
    prepared: Prepared,
    model_uri: Any,  # noqa: ANN401 - an SDK pipeline variable
    rebased_from: ParameterString | None = None,
) -> ProcessingStep:
    """EvaluateModel: scores the model on the test images, for the quality gate and for the approver's page.

    `rebased_from` is the model package that has the same archive in another image, where nothing was trained.
    """
    arguments = ["--output", inside("output", "evaluation")]
    for name in ("model", "champion", "test", "others_test", "manifest"):
        arguments += [f"--{name.replace('_', '-')}", inside("input", name)]
    arguments += ["--minimum-accuracy", parameters.accuracy.to_string()]
    arguments += ["--minimum-coverage", parameters.coverage.to_string()]
    arguments += ["--maximum-regression", parameters.regression.to_string()]
    arguments += ["--minimum-robust-accuracy", parameters.robust_accuracy.to_string()]
    arguments += ["--maximum-others-decided", parameters.others_decided.to_string()]
    arguments += ["--rebased-from", rebased_from.to_string()] if rebased_from else []
    inputs = {
        "champion": parameters.champion,
        "model": model_uri,
        **{name: prepared(name) for name in ("test", "others_test", "manifest")},
    }
    job = ProcessingJob("evaluate", "steps", "evaluate", arguments, inputs, ["evaluation"])
    return ProcessingStep(
        name="EvaluateModel",
        step_args=processing(build, job, parameters.processing_instance),
        property_files=[REPORT],
        cache_config=cache(build),
    )
