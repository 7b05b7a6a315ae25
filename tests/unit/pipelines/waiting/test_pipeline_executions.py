"""Following a pipeline execution: waiting, failures and what is told of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.errors import PipelineFailedError, QualityGateError, WaitTimeoutError
from pipelines.waiting.pipeline_executions import Execution, Step, follow, job_outputs, list_steps, log_tail

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/training/execution/abcdefghijkl"
JOB = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-abc-TrainModel"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
TRAINING = {"TrainingJob": {"Arn": JOB}}


def step(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {"StepName": name, "StepStatus": status, "StartTime": NOW, **more}


def answers(stubber: Stubber, status: str, steps: Sequence[dict[str, Any]], *, last: bool = False, **more: str) -> None:
    described = {"PipelineExecutionStatus": status, **more}
    stubber.add_response("describe_pipeline_execution", described, {"PipelineExecutionArn": ARN})
    for _ in range(2 if last else 1):
        expected = {"PipelineExecutionArn": ARN, "SortOrder": "Ascending"}
        stubber.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": list(steps)}, expected)


def ignore(_: Sequence[Step]) -> None:
    """Shows nothing."""


def test_it_waits_until_the_end_and_shows_the_steps(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    answers(sagemaker, "Executing", [])
    answers(sagemaker, "Executing", [step("PrepareData", "Executing")])
    answers(sagemaker, "Succeeded", [step("PrepareData", "Succeeded", EndTime=NOW)], last=True)
    shown: list[list[str]] = []
    ended = follow(aws, ARN, 60, lambda steps: shown.append([each.status for each in steps]), manual.clock)
    assert shown == [[], ["Executing"], ["Succeeded"]]
    assert manual.time == 1.0
    assert ended.arn == ARN
    assert ended.step("PrepareData").seconds == 0
    with pytest.raises(PipelineFailedError, match="has not run the step TrainModel"):
        ended.step("TrainModel")


def test_a_failed_step_is_told_with_the_end_of_its_log(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    failed = step("TrainModel", "Failed", FailureReason="ExitCode 1", Metadata=TRAINING)
    answers(sagemaker, "Failed", [step("PrepareData", "Succeeded"), failed], last=True)
    group = "/aws/sagemaker/TrainingJobs"
    with Stubber(aws.logs) as logs:
        logs.add_response(
            "describe_log_streams",
            {"logStreams": [{"logStreamName": "pipelines-abc-TrainModel/algo-1"}]},
            {"logGroupName": group, "logStreamNamePrefix": "pipelines-abc-TrainModel/", "limit": 1},
        )
        logs.add_response(
            "get_log_events",
            {"events": [{"message": "epoch 1 \n"}, {"message": "ValueError: no images in X\n"}]},
            {
                "logGroupName": group,
                "logStreamName": "pipelines-abc-TrainModel/algo-1",
                "limit": 20,
                "startFromHead": False,
            },
        )
        with pytest.raises(PipelineFailedError) as caught:
            follow(aws, ARN, 60, ignore, manual.clock)
    assert str(caught.value) == (
        "the step TrainModel failed: ExitCode 1\nIts log ends:\n  | epoch 1 \n  | ValueError: no images in X"
    )
    assert caught.value.exit_code == 6


def test_the_quality_gate_has_its_own_error(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    gate = step("QualityGateFailed", "Failed", Metadata={"Fail": {"ErrorMessage": "accuracy 0.7 < 0.9"}})
    answers(sagemaker, "Failed", [gate], last=True)
    with pytest.raises(QualityGateError, match=r"QualityGateFailed: accuracy 0\.7 < 0\.9") as caught:
        follow(aws, ARN, 60, ignore, manual.clock)
    assert caught.value.exit_code == 7


@pytest.mark.parametrize(
    ("status", "more", "said"),
    [
        ("Stopped", {"FailureReason": "by the operator"}, "the pipeline execution was stopped: by the operator"),
        ("Failed", {}, "the pipeline execution failed: SageMaker gives no reason"),
    ],
)
def test_an_execution_that_ends_without_a_failed_step(
    status: str, more: dict[str, str], said: str, aws: Aws, sagemaker: Stubber, manual: Any
) -> None:
    answers(sagemaker, status, [step("PrepareData", "Stopped")], last=True, **more)
    with pytest.raises(PipelineFailedError) as caught:
        follow(aws, ARN, 60, ignore, manual.clock)
    assert str(caught.value) == said
    assert not isinstance(caught.value, QualityGateError)


def test_an_execution_that_takes_too_long(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    for _ in range(3):
        answers(sagemaker, "Executing", [])
    with pytest.raises(WaitTimeoutError, match=r"still runs after 1 s \(pipeline\.timeout_minutes\)") as caught:
        follow(aws, ARN, 1, ignore, manual.clock)
    assert caught.value.exit_code == 10


def test_a_stopping_execution_has_not_ended(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    answers(sagemaker, "Stopping", [])
    answers(sagemaker, "Stopped", [], last=True)
    with pytest.raises(PipelineFailedError, match="was stopped"):
        follow(aws, ARN, 60, ignore, manual.clock)


def test_a_step_without_a_processing_job_has_no_outputs(aws: Aws) -> None:
    checked = Step("CheckQuality", "Succeeded", NOW, NOW, None, None, {})
    with pytest.raises(PipelineFailedError, match="the step CheckQuality ran no processing job"):
        job_outputs(aws, checked)
    assert log_tail(aws, checked) == []


def test_a_job_without_a_log_group_has_no_log(aws: Aws) -> None:
    trained = Step("TrainModel", "Failed", NOW, NOW, None, None, TRAINING)
    with Stubber(aws.logs) as logs:
        logs.add_client_error("describe_log_streams", "ResourceNotFoundException")
        assert log_tail(aws, trained) == []


def test_steps_are_found_by_name() -> None:
    trained = Step("TrainModel", "Succeeded", NOW, NOW, None, None, TRAINING)
    assert Execution(ARN, [trained]).step("TrainModel") is trained


def test_steps_are_read_from_all_pages(aws: Aws, sagemaker: Stubber) -> None:
    later = NOW + timedelta(seconds=90)
    reused = {"CacheHitResult": {"SourcePipelineExecutionArn": ARN}, "EndTime": later, "Metadata": TRAINING}
    pages: list[dict[str, Any]] = [
        {"PipelineExecutionSteps": [step("TrainModel", "Succeeded", **reused)], "NextToken": "more"},
        {"PipelineExecutionSteps": [step("CheckQuality", "Failed", FailureReason="too bad")]},
    ]
    asked = {"PipelineExecutionArn": ARN, "SortOrder": "Ascending"}
    sagemaker.add_response("list_pipeline_execution_steps", pages[0], asked)
    sagemaker.add_response("list_pipeline_execution_steps", pages[1], {**asked, "NextToken": "more"})
    trained, checked = list_steps(aws, ARN)
    assert trained == Step("TrainModel", "Succeeded", NOW, later, ARN, None, TRAINING)
    assert (trained.seconds, trained.job) == (90.0, ("TrainingJob", "pipelines-abc-TrainModel"))
    assert checked == Step("CheckQuality", "Failed", NOW, None, None, "too bad", {})
    assert (checked.seconds, checked.job) == (None, None)


def test_the_outputs_of_a_processing_job_are_found_by_name(aws: Aws, sagemaker: Stubber) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:processing-job/evaluate-1"
    outputs = [
        {"OutputName": name, "S3Output": {"S3Uri": f"s3://b/{name}", "S3UploadMode": "EndOfJob"}, "AppManaged": False}
        for name in ("evaluation", "report")
    ]
    described = {
        "ProcessingJobName": "evaluate-1",
        "ProcessingJobArn": arn,
        "ProcessingJobStatus": "Completed",
        "CreationTime": NOW,
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingOutputConfig": {"Outputs": outputs},
    }
    sagemaker.add_response("describe_processing_job", described, {"ProcessingJobName": "evaluate-1"})
    evaluated = Step("EvaluateModel", "Succeeded", NOW, NOW, None, None, {"ProcessingJob": {"Arn": arn}})
    assert job_outputs(aws, evaluated) == {"evaluation": "s3://b/evaluation", "report": "s3://b/report"}


def test_a_log_that_may_not_be_read_is_an_error_and_an_empty_one_is_none(aws: Aws) -> None:
    trained = Step("TrainModel", "Failed", NOW, NOW, None, None, TRAINING)
    with Stubber(aws.logs) as logs:
        logs.add_client_error("describe_log_streams", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDeniedException"):
            log_tail(aws, trained)
        logs.add_response("describe_log_streams", {"logStreams": []})
        assert log_tail(aws, trained) == []


def test_a_failure_without_a_job_is_told_with_its_reason_alone(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    answers(sagemaker, "Failed", [step("Deploy", "Failed", FailureReason="ClientError: no")], last=True)
    with pytest.raises(PipelineFailedError) as caught:
        follow(aws, ARN, 60, ignore, manual.clock)
    assert str(caught.value) == "the step Deploy failed: ClientError: no"


def test_a_failure_without_a_reason_is_told_as_that(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    answers(sagemaker, "Failed", [step("Deploy", "Failed")], last=True)
    with pytest.raises(PipelineFailedError, match="failed: SageMaker gives no reason"):
        follow(aws, ARN, 60, ignore, manual.clock)


def test_a_quality_gate_without_a_message_is_told_by_its_reason(aws: Aws, sagemaker: Stubber, manual: Any) -> None:
    gate = step("QualityGateFailed", "Failed", FailureReason="it is not good enough", Metadata={"Fail": {}})
    answers(sagemaker, "Failed", [gate], last=True)
    with pytest.raises(QualityGateError, match="QualityGateFailed: it is not good enough"):
        follow(aws, ARN, 60, ignore, manual.clock)
