"""The monitoring pipeline: one processing job that reads the captured data and writes the report."""

from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipelines.definitions.jobs import Build, ProcessingJob, inside, processing


def build_pipeline(build: Build) -> Pipeline:
    """Builds the monitoring pipeline.

    By default it reads everything that the endpoint captured, the drift baseline of the model in production, and all
    ground truth.
    """
    names, settings = build.names, build.settings
    captures = ParameterString(name="CaptureUri", default_value=names.s3("capture", names.endpoint))
    baseline = ParameterString(name="BaselineUri", default_value=names.baseline_uri)
    truth = ParameterString(name="GroundTruthUri", default_value=names.ground_truth_uri)
    instance = ParameterString(name="ProcessingInstanceType", default_value=settings.processing.instance_type)
    arguments = ["--captures", inside("input", "captures"), "--baseline", inside("input", "baseline")]
    arguments += ["--ground-truth", inside("input", "ground-truth"), "--output", inside("output", "monitoring")]
    arguments += ["--profiles", inside("output", "profiles"), "--known-profiles", inside("input", "profiles")]
    arguments += ["--classes", ",".join(settings.dataset.classes), "--examples", str(settings.monitoring.examples)]
    arguments += ["--title", names.endpoint]
    inputs = {"captures": captures, "baseline": baseline, "ground-truth": truth, "profiles": names.profiles_uri}
    kept = {"profiles": names.profiles_uri}
    job = ProcessingJob("monitor", "monitoring", "analyze", arguments, inputs, ["monitoring"], kept)
    return Pipeline(
        name=names.monitoring_pipeline,
        parameters=[captures, baseline, truth, instance],
        steps=[ProcessingStep(name="AnalyzeCaptures", step_args=processing(build, job, instance))],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )
