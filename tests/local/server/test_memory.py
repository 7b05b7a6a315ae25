"""What was made is there again after the local AWS has ended, in whatever way."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.memory.store import FILE, FOLDER
from local.server.embedded import start
from tests.local.sagemaker.support import start_processing
from tests.local.server.made import PIPELINE, Made, begin_update, fill, in_service, run_pipeline
from tests.local.support import (
    BUCKET,
    IMAGE,
    REGION,
    ROLE,
    Wait,
    announced,
    create_bucket,
)

WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory, wait: Wait) -> Iterator[Made]:
    """A local AWS in the folder of one that has ended."""
    data = tmp_path_factory.mktemp("memory")
    with start(data, REGION) as local_aws:
        create_bucket(local_aws)
        fill(Made(local_aws), wait)
        begin_update(Made(local_aws), wait)
    with start(data, REGION) as local_aws:
        yield Made(local_aws)


def test_objects_are_there_again(again: Made) -> None:
    found = again.s3.get_object(Bucket=BUCKET, Key="a/photo")
    assert found["Body"].read() == b"pixels"
    assert found["Metadata"] == {"of": "bicycle"}
    assert again.s3.get_object_tagging(Bucket=BUCKET, Key="a/photo")["TagSet"] == [{"Key": "kind", "Value": "photo"}]
    versions = again.s3.list_object_versions(Bucket=BUCKET, Prefix="versioned")["Versions"]
    bodies = [
        again.s3.get_object(Bucket=BUCKET, Key="versioned", VersionId=each["VersionId"])["Body"].read()
        for each in versions
    ]
    assert bodies == [b"second", b"first"]
    assert [
        each["Key"] for each in again.s3.list_object_versions(Bucket=BUCKET, Prefix="deleted")["DeleteMarkers"]
    ] == ["deleted"]
    again.s3.put_object(Bucket=BUCKET, Key="a/photo", Body=b"other pixels")
    assert again.s3.get_object(Bucket=BUCKET, Key="a/photo")["Body"].read() == b"other pixels"


def test_roles_queues_and_rules_are_there_again(again: Made) -> None:
    assert again.iam.get_role_policy(RoleName="tests", PolicyName="p")["PolicyDocument"]["Statement"]
    url = again.sqs.get_queue_url(QueueName="kept")["QueueUrl"]
    assert again.sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "a message"
    assert again.events.list_targets_by_rule(Rule="nightly")["Targets"][0]["Id"] == "1"
    assert "kept" in [each["logGroupName"] for each in again.logs.describe_log_groups()["logGroups"]]


def test_functions_run_again(again: Made) -> None:
    answer = again.functions.invoke(FunctionName="greet", Payload=b'{"name": "you"}')
    assert json.load(answer["Payload"]) == "hello you"
    assert again.logs.describe_log_streams(logGroupName="/own/group")["logStreams"]


def test_stacks_have_what_they_made(again: Made) -> None:
    (stack,) = again.cloudformation.describe_stacks(StackName="stack")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    again.cloudformation.delete_stack(StackName="stack")
    assert again.cloudwatch.describe_alarms(AlarmNames=["of-stack"])["MetricAlarms"] == []
    assert [each["Name"] for each in again.s3.list_buckets()["Buckets"]] == [BUCKET]


def test_executions_of_machines_keep_their_history(again: Made) -> None:
    arn = f"arn:aws:states:{REGION}:123456789012:execution:passes:ended"
    found = again.stepfunctions.describe_execution(executionArn=arn)
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"passed": True})
    events = again.stepfunctions.get_execution_history(executionArn=arn)["events"]
    assert [each["type"] for each in events][::3] == ["ExecutionStarted", "ExecutionSucceeded"]


def test_map_runs_keep_their_counts(again: Made) -> None:
    arn = f"arn:aws:states:{REGION}:123456789012:execution:maps:ended"
    (run,) = again.stepfunctions.list_map_runs(executionArn=arn)["mapRuns"]
    described = again.stepfunctions.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["status"], described["itemCounts"]["succeeded"]) == ("SUCCEEDED", 2)


def test_versions_keep_their_approval_and_number(again: Made) -> None:
    listed = again.sagemaker.list_model_packages(ModelPackageGroupName="models")["ModelPackageSummaryList"]
    assert [each["ModelApprovalStatus"] for each in listed] == ["PendingManualApproval", "Approved"]
    described = again.sagemaker.describe_model_package(ModelPackageName=listed[1]["ModelPackageArn"])
    assert described["ApprovalDescription"] == "it is good"
    made = again.sagemaker.create_model_package(ModelPackageGroupName="models")["ModelPackageArn"]
    assert made.endswith("models/3")


def test_what_is_due_expires_at_the_start(again: Made, wait: Wait) -> None:
    def left() -> dict[str, int]:
        return {"objects": again.s3.list_objects_v2(Bucket=BUCKET, Prefix="expiring/")["KeyCount"]}

    wait(left, "objects", 0)
    assert [each["Key"] for each in again.s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]] == ["expiring/b"]


def test_alarms_and_metrics_are_there_again(again: Made) -> None:
    (alarm,) = again.cloudwatch.describe_alarms(AlarmNames=["burnt"])["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["StateValue"]) == ("burnt", "ALARM")
    (metric,) = again.cloudwatch.list_metrics(Namespace="Bakery")["Metrics"]
    assert metric["MetricName"] == "BurntScones"


def test_the_endpoint_serves_again(again: Made, wait: Wait) -> None:
    in_service(again, wait)
    served = again.sagemaker.describe_endpoint(EndpointName="e")
    assert (served["EndpointConfigName"], "PendingDeploymentSummary" in served) == ("c", False)
    assert again.runtime.invoke_endpoint(EndpointName="e", Body=b"x")["Body"].read() == b"wheels"


def test_steps_of_an_earlier_start_are_reused(again: Made, wait: Wait) -> None:
    (past,) = again.sagemaker.list_pipeline_executions(PipelineName="p")["PipelineExecutionSummaries"]
    hit = run_pipeline(again, wait)["CacheHitResult"]
    assert hit == {"SourcePipelineExecutionArn": past["PipelineExecutionArn"]}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """`serve()`: a local AWS in the test's folder, to be ended by the test."""
    processes = []

    def begin() -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "local", "--data", str(tmp_path), "--region", REGION]
        processes.append(subprocess.Popen(argv, stdout=subprocess.PIPE, text=True))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()


def written(aws: Made, data: Path, wait: Wait) -> None:
    """Wait until all that was acknowledged by now is written: one snapshot may have begun before."""
    moment = lambda: next((path.stat().st_mtime_ns for path in (data / FOLDER).glob(FILE)), 0)  # noqa: E731
    for number in range(2):
        before = moment()
        aws.s3.put_object(Bucket=BUCKET, Key="written", Body=str(number).encode())
        wait(lambda before=before: {"new": moment() != before}, "new", True)


def test_what_ran_has_failed(serve: Callable[[], subprocess.Popen[str]], tmp_path: Path, wait: Wait) -> None:
    server = serve()
    aws = Made(local_aws := announced(server))
    create_bucket(local_aws)
    start_processing(aws.sagemaker, "long", "sleep", "600")
    aws.stepfunctions.create_state_machine(name="waits", definition=json.dumps(WAITS), roleArn=ROLE)
    machine = f"arn:aws:states:{REGION}:123456789012:stateMachine:waits"
    waiting = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    steps = [{**PIPELINE["Steps"][0], "Arguments": {**PIPELINE["Steps"][0]["Arguments"]}}]  # type: ignore[index]
    steps[0]["Arguments"]["AppSpecification"] = {"ImageUri": IMAGE, "ContainerEntrypoint": ["sleep", "600"]}
    definition = json.dumps({**PIPELINE, "Steps": steps})
    aws.sagemaker.create_pipeline(PipelineName="p", PipelineDefinition=definition, RoleArn=ROLE)
    execution = aws.sagemaker.start_pipeline_execution(PipelineName="p")["PipelineExecutionArn"]
    listed = lambda: aws.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)  # noqa: E731
    wait(lambda: {"steps": len(listed()["PipelineExecutionSteps"])}, "steps", 1)
    written(aws, tmp_path, wait)
    server.kill()
    server.wait()
    aws = Made(announced(serve()))  # `listed` asks it as well
    job = aws.sagemaker.describe_processing_job(ProcessingJobName="long")
    assert (job["ProcessingJobStatus"], "local AWS ended" in job["FailureReason"]) == ("Failed", True)
    found = aws.stepfunctions.describe_execution(executionArn=waiting)
    assert (found["status"], found["cause"]) == (
        "ABORTED",
        "The local AWS ended while this execution ran; start it again",
    )
    described = aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution)
    assert (described["PipelineExecutionStatus"], "local AWS ended" in described["FailureReason"]) == ("Failed", True)
    (step,) = listed()["PipelineExecutionSteps"]
    assert step["StepStatus"] == "Failed"
