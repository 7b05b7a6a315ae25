"""The monitoring pipeline: a function selects captures, a job judges them and reports, a function tells people."""

from collections.abc import Sequence
from typing import Any

from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep

from monitoring.captures.payloads import Defaults
from monitoring.profiles.groups import manner
from pipelines.definitions.jobs import Build, ProcessingJob, inside, processing
from pipelines.definitions.step_outputs import folder, written

LISTING = f"{inside('input', 'listing')}/listing.json"


def build_pipeline(build: Build) -> Pipeline:
    """Builds the monitoring pipeline.

    By default it reads what the endpoint captured, the drift baseline of the model in production, and ground truth, and
    judges the last 24 hours with captures. The schedule has it judge the hour or day that just ended.
    """
    names = build.names
    captures = ParameterString(name="CaptureUri", default_value=names.s3("capture", names.endpoint))
    baseline = ParameterString(name="BaselineUri", default_value=names.baseline_uri)
    truth = ParameterString(name="GroundTruthUri", default_value=names.ground_truth_uri)
    window = ParameterString(name="Window", default_value="recent", enum_values=["recent", "hour", "day"])
    instance = ParameterString(name="ProcessingInstanceType", default_value=build.settings.processing.instance_type)
    select = selection_step(build, {"window": window, "captures_uri": captures, "ground_truth_uri": truth})
    count = build.settings.monitoring.instance_count
    shares = [share_step(build, select, number, instance) for number in range(1, count + 1)] if count > 1 else []
    analyze = analysis_step(build, select, shares, {"baseline": baseline}, instance)
    return Pipeline(
        name=names.monitoring_pipeline,
        parameters=[captures, baseline, truth, window, instance],
        steps=[select, *shares, analyze, incident_step(build, analyze)],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def selection_step(build: Build, given: dict[str, ParameterString]) -> LambdaStep:
    """SelectCaptures: lists what the window needs of all that is kept, so that nothing else is downloaded."""
    return LambdaStep(
        name="SelectCaptures",
        lambda_func=Lambda(function_arn=build.names.function_arn("select-captures"), session=build.session),
        inputs={
            **given,
            "now": ExecutionVariables.START_DATETIME,  # so that a retry judges the same window
            "profiles_uri": build.names.profiles_uri,
            "verdicts_uri": build.names.verdicts_uri,
            "manner": manner(Defaults(build.settings.dataset.classes)),
            "place": execution_report_uri(build, "selection"),
            "shares": build.settings.monitoring.instance_count,
        },
        outputs=[LambdaOutput("place", LambdaOutputTypeEnum.String)],
    )


def share_step(build: Build, select: LambdaStep, number: int, instance: ParameterString) -> ProcessingStep:
    """ProfileCaptures1, …: one of several jobs that read captures without a profile, each its share of the hours."""
    arguments = ["--captures", inside("input", "captures"), "--listing", LISTING]
    arguments += ["--output", inside("output", "new-profiles"), "--classes", ",".join(build.settings.dataset.classes)]
    job = ProcessingJob(
        name="monitor",
        package="monitoring",
        module="profile_share",
        arguments=arguments,
        manifests={"captures": selected(select, f"share-{number}.manifest")},
        inputs={"listing": selected(select, "listing.json")},
        outputs=[],
        kept={"new-profiles": execution_report_uri(build, "new-profiles")},
    )
    return ProcessingStep(name=f"ProfileCaptures{number}", step_args=processing(build, job, instance))


def analysis_step(
    build: Build,
    select: LambdaStep,
    shares: Sequence[ProcessingStep],
    inputs: dict[str, Any],
    instance: ParameterString,
) -> ProcessingStep:
    """AnalyzeCaptures: reads what was selected and is not in shares, judges the window and writes the report."""
    names, settings = build.names, build.settings
    arguments = ["--captures", inside("input", "captures"), "--baseline", inside("input", "baseline")]
    arguments += ["--ground-truth", inside("input", "ground-truth"), "--output", inside("output", "monitoring")]
    known = f"{inside('input', 'profiles')}/profiles"  # manifests keep the bucket's folders
    listed = ("captures", "profiles", "ground-truth", "verdicts")
    arguments += ["--profiles", inside("output", "profiles"), "--known-profiles", known]
    arguments += ["--classes", ",".join(settings.dataset.classes), "--examples", str(settings.monitoring.examples)]
    arguments += ["--title", names.endpoint, "--listing", LISTING]
    report = execution_report_uri(build, "monitoring")
    arguments += ["--history", inside("input", "verdicts"), "--place", report]
    if shares:
        arguments += ["--new-profiles", inside("input", "new-profiles")]
        inputs = {**inputs, "new-profiles": folder(shares[0], "new-profiles")}
    job = ProcessingJob(
        name="monitor",
        package="monitoring",
        module="analyze",
        arguments=arguments,
        manifests={name: selected(select, f"{name}.manifest") for name in listed},
        inputs={**inputs, "listing": selected(select, "listing.json")},
        outputs=[],
        kept={"monitoring": report, "profiles": names.profiles_uri},
    )
    step_args = processing(build, job, instance)
    return ProcessingStep(name="AnalyzeCaptures", step_args=step_args, depends_on=list(shares) or None)


def selected(select: LambdaStep, name: str) -> Join:
    """A file that SelectCaptures wrote."""
    return Join(on="/", values=[select.properties.Outputs["place"], name])


def execution_report_uri(build: Build, name: str) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    """A folder of an execution. A report shows photos, so it expires, which what is below `executions/` does not."""
    return Join(on="/", values=[build.names.s3("reports"), ExecutionVariables.PIPELINE_EXECUTION_ID, name])


def incident_step(build: Build, analyze: ProcessingStep) -> LambdaStep:
    """ReportIncident: tells people when the model ceases to be trusted, and when it is trusted again."""
    outputs = {"incident": LambdaOutputTypeEnum.String, "told": LambdaOutputTypeEnum.Boolean}
    return LambdaStep(
        name="ReportIncident",
        lambda_func=Lambda(function_arn=build.names.function_arn("report-incident"), session=build.session),
        inputs={"verdict_uri": written(analyze, "monitoring", "verdict.json")},
        outputs=[LambdaOutput(name, kind) for name, kind in outputs.items()],
    )
