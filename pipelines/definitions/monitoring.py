"""The monitoring pipeline: a job judges the captured data and writes the report, a function tells people."""

from typing import Any

from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipelines.definitions.jobs import Build, ProcessingJob, inside, processing
from pipelines.definitions.step_outputs import written


def build_pipeline(build: Build) -> Pipeline:
    """Builds the monitoring pipeline.

    By default it reads everything that the endpoint captured, the drift baseline of the model in production, and all
    ground truth, and judges the last 24 hours with captures. The schedule has it judge the hour or day that just ended.
    """
    names, settings = build.names, build.settings
    captures = ParameterString(name="CaptureUri", default_value=names.s3("capture", names.endpoint))
    baseline = ParameterString(name="BaselineUri", default_value=names.baseline_uri)
    truth = ParameterString(name="GroundTruthUri", default_value=names.ground_truth_uri)
    window = ParameterString(name="Window", default_value="recent", enum_values=["recent", "hour", "day"])
    instance = ParameterString(name="ProcessingInstanceType", default_value=settings.processing.instance_type)
    arguments = ["--captures", inside("input", "captures"), "--baseline", inside("input", "baseline")]
    arguments += ["--ground-truth", inside("input", "ground-truth"), "--output", inside("output", "monitoring")]
    arguments += ["--profiles", inside("output", "profiles"), "--known-profiles", inside("input", "profiles")]
    arguments += ["--classes", ",".join(settings.dataset.classes), "--examples", str(settings.monitoring.examples)]
    arguments += ["--title", names.endpoint, "--window", window]
    arguments += ["--history", inside("input", "verdicts"), "--place", report_uri(build)]
    inputs = {"captures": captures, "baseline": baseline, "ground-truth": truth}
    inputs |= {"profiles": names.profiles_uri, "verdicts": names.verdicts_uri}
    places = {"monitoring": report_uri(build), "profiles": names.profiles_uri}
    job = ProcessingJob("monitor", "monitoring", "analyze", arguments, inputs, [], places)
    analyze = ProcessingStep(name="AnalyzeCaptures", step_args=processing(build, job, instance))
    return Pipeline(
        name=names.monitoring_pipeline,
        parameters=[captures, baseline, truth, window, instance],
        steps=[analyze, incident_step(build, analyze)],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def report_uri(build: Build) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    """Where an execution's report goes. It shows photos, so it expires, which what is below `executions/` does not."""
    return Join(on="/", values=[build.names.s3("reports"), ExecutionVariables.PIPELINE_EXECUTION_ID, "monitoring"])


def incident_step(build: Build, analyze: ProcessingStep) -> LambdaStep:
    """ReportIncident: tells people when the model ceases to be trusted, and when it is trusted again."""
    outputs = {"incident": LambdaOutputTypeEnum.String, "told": LambdaOutputTypeEnum.Boolean}
    return LambdaStep(
        name="ReportIncident",
        lambda_func=Lambda(function_arn=build.names.function_arn("report-incident"), session=build.session),
        inputs={"verdict_uri": written(analyze, "monitoring", "verdict.json")},
        outputs=[LambdaOutput(name, kind) for name, kind in outputs.items()],
    )
