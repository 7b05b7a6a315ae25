"""The monitoring pipeline: one processing job that reads what the endpoint captured and writes the report."""

from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipelines.jobs import Build, ProcessingJob, inside, processing


def build_pipeline(build: Build) -> Pipeline:
    """The monitoring pipeline. The captures to read are a parameter; all of the endpoint's by default."""
    names, settings = build.names, build.settings
    captures = ParameterString(name="CaptureUri", default_value=names.s3("capture", names.endpoint))
    instance = ParameterString(name="ProcessingInstanceType", default_value=settings.processing.instance_type)
    arguments = ["--captures", inside("input", "captures"), "--output", inside("output", "monitoring")]
    arguments += ["--classes", ",".join(settings.dataset.classes), "--examples", str(settings.monitoring.examples)]
    arguments += ["--title", names.endpoint]
    job = ProcessingJob("monitor", "monitoring.analyze", arguments, {"captures": captures}, ["monitoring"])
    return Pipeline(
        name=names.monitoring_pipeline,
        parameters=[captures, instance],
        steps=[ProcessingStep(name="AnalyzeCaptures", step_args=processing(build, job, instance))],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )
