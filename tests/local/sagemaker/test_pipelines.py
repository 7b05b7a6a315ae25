"""A small pipeline, written by hand in JSON, run for real: order, values, caching, failure, stop."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.protocol.json_protocol import complaint, operation_model
from local.server.embedded import start
from tests.local.conftest import BUCKET, REGION, ROLE, Hear, client, tarred

CLUSTER = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}}
CACHE = {"Enabled": True, "ExpireAfter": "P30D"}
Run = Callable[..., dict[str, Any]]


def processing(name: str, shell: str, inputs: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """A processing step: a shell command that reads /opt/ml/processing/in and writes /opt/ml/processing/out."""
    values = [f"s3://{BUCKET}/made", {"Get": "Execution.PipelineExecutionId"}, name]
    target = {"Std:Join": {"On": "/", "Values": values}}
    arguments = {
        "ProcessingResources": CLUSTER,
        "AppSpecification": {"ImageUri": "image", "ContainerEntrypoint": ["sh", "-c", shell]},
        "RoleArn": ROLE,
        "ProcessingInputs": [
            {
                "InputName": f"in{index}",
                "S3Input": {
                    "S3Uri": uri,
                    "LocalPath": "/opt/ml/processing/in",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
            for index, uri in enumerate(inputs or [])
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "out",
                    "S3Output": {"S3Uri": target, "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"},
                }
            ]
        },
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def output(step: str) -> dict[str, str]:
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"}


def definition(steps: list[Any], parameters: list[Any] | None = None) -> str:
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": steps})


@pytest.fixture
def run(sagemaker: Any, wait: Any, request: pytest.FixtureRequest) -> Run:
    """Create or update a pipeline named after the test, run it to its end; description and steps by name."""
    name = request.node.originalname.replace("_", "-")

    def execute(text: str, seconds: float = 60, **parameters: str) -> dict[str, Any]:
        request = {"PipelineName": name, "PipelineDefinition": text, "RoleArn": ROLE}
        try:
            sagemaker.create_pipeline(**request)
        except ClientError:
            sagemaker.update_pipeline(**request)
        arn = sagemaker.start_pipeline_execution(
            PipelineName=name,
            PipelineParameters=[{"Name": key, "Value": value} for key, value in parameters.items()],
        )["PipelineExecutionArn"]
        described = wait(
            lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn),
            "PipelineExecutionStatus",
            "Succeeded",
            "Failed",
            "Stopped",
            seconds=seconds,
        )
        steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
        return {**described, "steps": {step["StepName"]: step for step in steps}}

    return execute


def test_values_flow_from_step_to_step(run: Run, sagemaker: Any, s3: Any, create_function: Any) -> None:
    function = create_function("adder", "def handler(event, context): return {'sum': event['a'] + event['b']}")
    steps = [
        processing("Score", "cat /opt/ml/processing/in/two > /opt/ml/processing/out/two", [output("Make")]),
        processing(
            "Make",
            'cd /opt/ml/processing/out; echo 2 > two; echo \'{"a": {"b": [0.5, 2.5]}}\' > score.json',
            PropertyFiles=[{"PropertyFileName": "Report", "OutputName": "out", "FilePath": "score.json"}],
        ),
        {
            "Name": "Check",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [
                    {
                        "Type": "GreaterThan",
                        "LeftValue": {
                            "Std:JsonGet": {
                                "PropertyFile": {"Get": "Steps.Make.PropertyFiles.Report"},
                                "Path": "a.b[1]",
                            }
                        },
                        "RightValue": {"Get": "Parameters.Least"},
                    }
                ],
                "IfSteps": [
                    {
                        "Name": "Add",
                        "Type": "Lambda",
                        "FunctionArn": function,
                        "Arguments": {"a": {"Get": "Parameters.Least"}, "b": 1},
                        "OutputParameters": [{"OutputName": "sum", "OutputType": "Float"}],
                    },
                    processing("Use", "true", DependsOn=["Add"]),
                ],
                "ElseSteps": [{"Name": "Never", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}],
            },
        },
    ]
    done = run(definition(steps, [{"Name": "Least", "Type": "Float", "DefaultValue": 9}]), Least="1.5")
    assert done["PipelineExecutionStatus"] == "Succeeded", done
    assert done["steps"].keys() == {"Make", "Score", "Check", "Add", "Use"}
    assert done["steps"]["Check"]["Metadata"] == {"Condition": {"Outcome": "True"}}
    assert done["steps"]["Add"]["Metadata"]["Lambda"]["OutputParameters"] == [{"Name": "sum", "Value": "2.5"}]
    assert done["steps"]["Use"]["StartTime"] >= done["steps"]["Add"]["EndTime"]
    job = sagemaker.describe_processing_job(
        ProcessingJobName=done["steps"]["Score"]["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    )
    uri = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    key = uri.removeprefix(f"s3://{BUCKET}/") + "/two"
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"2\n"
    arn = done["PipelineExecutionArn"]
    parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert parameters == [{"Name": "Least", "Value": "1.5"}]


def test_the_definition_that_ran_is_given_back_byte_for_byte(run: Run, sagemaker: Any, s3: Any) -> None:
    text = definition([processing("One", "true")]).replace(", ", " ,\n  ")
    done = run(text)
    run(definition([processing("Two", "true")]))
    answer = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=done["PipelineExecutionArn"])
    assert answer["PipelineDefinition"] == text


def test_a_definition_in_s3_runs(sagemaker: Any, s3: Any) -> None:
    text = definition([processing("One", "true")]).replace(", ", " ,\n  ")
    s3.put_object(Bucket=BUCKET, Key="pipelines/definition.json", Body=text.encode())
    location = {"Bucket": BUCKET, "ObjectKey": "pipelines/definition.json"}
    sagemaker.create_pipeline(PipelineName="from-s3", PipelineDefinitionS3Location=location, RoleArn=ROLE)
    assert sagemaker.describe_pipeline(PipelineName="from-s3")["PipelineDefinition"] == text


def test_independent_steps_run_at_the_same_time(run: Run, tmp_path: Path) -> None:
    # Each waits for the file that the other writes to the place both share.
    meet = "touch {mine}; for i in $(seq 300); do [ -e {other} ] && exit 0; sleep 0.1; done; exit 1"
    a, b = tmp_path / "a", tmp_path / "b"
    steps = [processing("A", meet.format(mine=a, other=b)), processing("B", meet.format(mine=b, other=a))]
    assert run(definition(steps))["PipelineExecutionStatus"] == "Succeeded"


def test_a_step_is_reused_when_nothing_changed(run: Run, lines: list[str]) -> None:
    def text(environment: dict[str, str]) -> str:
        first = processing("Make", "echo 1 > /opt/ml/processing/out/x", CacheConfig=CACHE)
        first["Arguments"]["Environment"] = environment
        second = processing("Use", "cat /opt/ml/processing/in/x", [output("Make")], CacheConfig=CACHE)
        return definition([first, second])

    first = run(text({}))
    second = run(text({}))
    changed = run(text({"A": "1"}))
    source = {"SourcePipelineExecutionArn": first["PipelineExecutionArn"]}
    assert [second["steps"][name]["CacheHitResult"] for name in ("Make", "Use")] == [source, source]
    assert second["steps"]["Make"]["Metadata"] == first["steps"]["Make"]["Metadata"]
    assert "CacheHitResult" not in changed["steps"]["Make"]
    said = "\n".join(lines)
    assert "step Make reused from execution" in said
    assert "step Make started (cache miss: Environment changed since the latest run)" in said
    assert "step Use started (cache miss: ProcessingInputs changed since the latest run)" in said


def test_a_failing_job_fails_the_execution_with_its_reason(run: Run) -> None:
    done = run(
        definition(
            [
                processing("Bad", "echo left > /opt/ml/processing/out/x; echo disk is full >&2; exit 3"),
                processing("After", "true", [output("Bad")]),
            ]
        )
    )
    assert done["PipelineExecutionStatus"] == "Failed"
    assert done["steps"].keys() == {"Bad"}
    assert done["steps"]["Bad"]["FailureReason"] == "AlgorithmError: disk is full, exit code 3"
    assert "Bad: AlgorithmError: disk is full, exit code 3" in done["FailureReason"]


def test_a_fail_step_says_why(run: Run) -> None:
    message = {"Std:Join": {"On": " ", "Values": ["accuracy", 0.5, "is below", {"Get": "Parameters.Least"}]}}
    steps = [{"Name": "TooBad", "Type": "Fail", "Arguments": {"ErrorMessage": message}}]
    done = run(definition(steps, [{"Name": "Least", "Type": "Float", "DefaultValue": 0.8}]))
    assert done["PipelineExecutionStatus"] == "Failed"
    assert done["steps"]["TooBad"]["Metadata"] == {"Fail": {"ErrorMessage": "accuracy 0.5 is below 0.8"}}
    assert "accuracy 0.5 is below 0.8" in done["FailureReason"]


def training(name: str, program: str, s3: Any) -> dict[str, Any]:
    """A training step that runs a program in script mode."""
    s3.put_object(Bucket=BUCKET, Key=f"code/{name}/sourcedir.tar.gz", Body=tarred({"train.py": program}))
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "HyperParameters": {
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/code/{name}/sourcedir.tar.gz",
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/trained"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "RoleArn": ROLE,
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def test_a_model_is_trained_and_registered(run: Run, sagemaker: Any, s3: Any) -> None:
    uri = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    register = {
        "ModelPackageGroupName": "made-by-a-pipeline",
        "InferenceSpecification": {
            "Containers": [{"Image": "image", "ModelDataUrl": uri}],
            "SupportedContentTypes": ["image/png"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
        "ModelApprovalStatus": {"Get": "Parameters.Approval"},
        "ModelMetrics": {"Bias": {}, "Explainability": {}},
        "SkipModelValidation": "None",
    }
    program = "import os, pathlib; pathlib.Path(os.environ['SM_MODEL_DIR'], 'weights').write_text('1')"
    text = definition(
        [training("Train", program, s3), {"Name": "Register", "Type": "RegisterModel", "Arguments": register}],
        [{"Name": "Approval", "Type": "String", "DefaultValue": "PendingManualApproval"}],
    )
    for version in (1, 2):
        done = run(text)
        assert done["PipelineExecutionStatus"] == "Succeeded", done
        arn = done["steps"]["Register"]["Metadata"]["RegisterModel"]["Arn"]
        package = sagemaker.describe_model_package(ModelPackageName=arn)
        assert (package["ModelPackageVersion"], package["ModelApprovalStatus"]) == (version, "PendingManualApproval")
        made = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
        bucket, _, key = made.removeprefix("s3://").partition("/")
        assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_a_killed_training_process_fails_the_execution(run: Run, s3: Any) -> None:
    done = run(definition([training("Train", "import os; os.kill(os.getpid(), 9)", s3)]), seconds=20)
    assert done["PipelineExecutionStatus"] == "Failed"
    assert "killed by signal 9" in done["steps"]["Train"]["FailureReason"]
    assert "killed by signal 9" in done["FailureReason"]


def test_stop_kills_the_running_job(sagemaker: Any, wait: Any) -> None:
    text = definition([processing("Long", "sleep 600"), processing("After", "true", [output("Long")])])
    sagemaker.create_pipeline(PipelineName="to-stop", PipelineDefinition=text, RoleArn=ROLE)
    arn = sagemaker.start_pipeline_execution(PipelineName="to-stop")["PipelineExecutionArn"]
    wait(lambda: {"n": len(steps(sagemaker, arn)) and "Metadata" in steps(sagemaker, arn)[0]}, "n", True)
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    wait(describe, "PipelineExecutionStatus", "Stopped", seconds=20)
    (step,) = steps(sagemaker, arn)
    assert step["StepStatus"] == "Stopped"
    name = step["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    assert sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "Stopped"
    with pytest.raises(ClientError, match="ConflictException"):
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)


def steps(sagemaker: Any, arn: str) -> list[dict[str, Any]]:
    return list(sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"])


@pytest.mark.parametrize(
    ("text", "parameters", "complaint"),
    [
        (definition([{"Name": "T", "Type": "Tuning", "Arguments": {}}]), {}, "does not run steps of type Tuning"),
        (definition([processing("A", "true")]), {"Nope": "1"}, "Unknown parameter 'Nope'"),
        (
            definition([processing("A", "true")], [{"Name": "N", "Type": "Integer", "DefaultValue": 1}]),
            {"N": "many"},
            "of type Integer, but its value is 'many'",
        ),
        (definition([processing("A", "true")], [{"Name": "N", "Type": "String"}]), {}, "has no default value"),
    ],
    ids=["step type", "unknown parameter", "parameter type", "missing parameter"],
)
def test_what_cannot_run_is_refused_at_the_start(
    sagemaker: Any, text: str, parameters: dict[str, str], complaint: str
) -> None:
    sagemaker.create_pipeline(PipelineName="refused", PipelineDefinition=text, RoleArn=ROLE)
    given = [{"Name": key, "Value": value} for key, value in parameters.items()]
    try:
        with pytest.raises(ClientError, match=complaint):
            sagemaker.start_pipeline_execution(PipelineName="refused", PipelineParameters=given)
        answer = sagemaker.list_pipeline_executions(PipelineName="refused")
        assert answer["PipelineExecutionSummaries"] == []
    finally:
        sagemaker.delete_pipeline(PipelineName="refused")


def test_the_same_token_starts_one_execution(sagemaker: Any) -> None:
    text = definition([processing("A", "true")])
    sagemaker.create_pipeline(PipelineName="token", PipelineDefinition=text, RoleArn=ROLE)
    first, second = (
        sagemaker.start_pipeline_execution(
            PipelineName="token", ClientRequestToken="t" * 32, PipelineExecutionDisplayName="once"
        )
        for _ in range(2)
    )
    assert first["PipelineExecutionArn"] == second["PipelineExecutionArn"]
    (summary,) = sagemaker.list_pipeline_executions(PipelineName="token")["PipelineExecutionSummaries"]
    assert summary["PipelineExecutionDisplayName"] == "once"
    before = {"PipelineName": "token", "CreatedBefore": summary["StartTime"]}
    assert sagemaker.list_pipeline_executions(**before)["PipelineExecutionSummaries"] == []


def test_an_execution_may_have_a_role_of_its_own(sagemaker: Any) -> None:
    text = definition([processing("A", "true")])
    sagemaker.create_pipeline(PipelineName="role", PipelineDefinition=text, RoleArn=ROLE)
    other = {"PipelineName": "role", "RoleArn": f"{ROLE}-of-its-own"}
    arn = sagemaker.start_pipeline_execution(**other)["PipelineExecutionArn"]
    assert sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["RoleArn"] == f"{ROLE}-of-its-own"
    with pytest.raises(ClientError, match="does not act upon PipelineVersionId of StartPipelineExecution"):
        sagemaker.start_pipeline_execution(PipelineName="role", PipelineVersionId=1)


def test_a_malformed_definition_is_refused(sagemaker: Any) -> None:
    with pytest.raises(ClientError, match="it is not JSON"):
        sagemaker.create_pipeline(PipelineName="malformed", PipelineDefinition="{", RoleArn=ROLE)
    text = definition([processing("A", "true", [output("Missing")])])
    with pytest.raises(ClientError, match="'Missing', which the definition does not have"):
        sagemaker.create_pipeline(PipelineName="malformed", PipelineDefinition=text, RoleArn=ROLE)


def test_a_retry_runs_what_failed_and_what_follows(sagemaker: Any, run: Run, s3: Any, wait: Any) -> None:
    source = [f"s3://{BUCKET}/retried"]
    steps = [
        processing("First", "echo 1 > /opt/ml/processing/out/x"),
        processing("Second", "cat /opt/ml/processing/in/*", source, DependsOn=["First"]),
        processing("Third", "true", DependsOn=["Second"]),
    ]
    failed = run(definition(steps))
    assert (failed["PipelineExecutionStatus"], failed["steps"].keys()) == ("Failed", {"First", "Second"})
    arn = failed["PipelineExecutionArn"]
    s3.put_object(Bucket=BUCKET, Key="retried/x", Body=b"1")
    sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="t" * 32)
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    done = wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")
    assert done["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in done
    after = {step["StepName"]: step for step in steps_of(sagemaker, arn)}
    assert after.keys() == {"First", "Second", "Third"}
    assert after["First"] == failed["steps"]["First"]
    with pytest.raises(ClientError, match=r"Failed or Stopped can be retried; this one is Succeeded"):
        sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="u" * 32)


def steps_of(sagemaker: Any, arn: str) -> list[dict[str, Any]]:
    return list(sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"])


def test_parallelism_can_be_limited(sagemaker: Any, wait: Any) -> None:
    text = definition([processing(name, "sleep 0.3") for name in ("A", "B", "C")])
    limit = {"MaxParallelExecutionSteps": 1}
    sagemaker.create_pipeline(
        PipelineName="limited", PipelineDefinition=text, RoleArn=ROLE, ParallelismConfiguration=limit
    )
    arn = sagemaker.start_pipeline_execution(PipelineName="limited")["PipelineExecutionArn"]
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    assert describe()["ParallelismConfiguration"] == limit
    wait(describe, "PipelineExecutionStatus", "Succeeded")
    times = sorted((step["StartTime"], step["EndTime"]) for step in steps_of(sagemaker, arn))
    assert all(before[1] <= after[0] for before, after in pairwise(times))


def test_a_fault_of_the_service_is_tried_again(run: Run, hear: Hear) -> None:
    policy = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 1}
    # No process can be started with this argument, which is no fault of the job's code.
    step = processing("Odd", "true \0", RetryPolicies=[policy])
    done = run(definition([step, processing("Bad", "exit 1", RetryPolicies=[policy])]))
    assert done["steps"]["Odd"]["AttemptCount"] == 2
    assert done["steps"]["Odd"]["FailureReason"].startswith("InternalServerError: ValueError")
    assert done["steps"]["Bad"]["AttemptCount"] == 1
    hear("step Odd is tried again after: InternalServerError")


def test_a_fault_that_passes_is_survived(tmp_path: Path, wait: Any) -> None:
    policy = {
        "ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"],
        "IntervalSeconds": 1,
        "MaxAttempts": 3,
        "BackoffRate": 1,
    }
    said: list[str] = []
    with start(tmp_path, REGION, said.append) as aws:
        client(aws, "s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        sagemaker = client(aws, "sagemaker")
        text = definition([processing("Step", "echo 1 > /opt/ml/processing/out/x", RetryPolicies=[policy])])
        sagemaker.create_pipeline(PipelineName="retried", PipelineDefinition=text, RoleArn=ROLE)
        work = tmp_path / "work"
        work.rename(tmp_path / "away")
        work.write_text("no folder of a job can be made here")
        arn = sagemaker.start_pipeline_execution(PipelineName="retried")["PipelineExecutionArn"]
        wait(
            lambda: {"again": any("is tried again after: InternalServerError" in line for line in said)}, "again", True
        )
        work.unlink()
        (tmp_path / "away").rename(work)
        describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
        done = wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")
        (step,) = steps_of(sagemaker, arn)
    assert done["PipelineExecutionStatus"] == "Succeeded", done["FailureReason"]
    assert (step["StepStatus"], "FailureReason" in step) == ("Succeeded", False)
    assert 2 <= step["AttemptCount"] <= 4
    assert (tmp_path / "s3" / BUCKET / "made" / arn.rpartition("/")[2] / "Step" / "x").read_text() == "1\n"


def test_answers_keep_to_awss_models(run: Run, sagemaker: Any) -> None:
    shell = "for n in $(seq 8); do head -c 300 /dev/zero | tr '\\0' x; echo; done; exit 3"
    failed = run(definition([processing(name, shell) for name in ("A", "B")]))
    arn = failed["PipelineExecutionArn"]
    for operation, answer in (
        ("DescribePipelineExecution", sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)),
        ("ListPipelineExecutionSteps", sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)),
    ):
        shape = operation_model("sagemaker", operation).output_shape
        assert shape is not None
        del answer["ResponseMetadata"]
        # Reasons of several lines break the pattern ".*", on AWS, too.
        assert complaint(shape, json.loads(json.dumps(answer, default=str).replace("\\n", " "))) == ""
    for step in failed["steps"].values():
        assert step["FailureReason"].endswith("exit code 3")
        assert step["Metadata"]["ProcessingJob"]["Arn"].startswith(
            "arn:aws:sagemaker:eu-west-1:123456789012:processing-job/"
        )


def test_selected_steps_use_what_others_made_before(sagemaker: Any, run: Run, wait: Any) -> None:
    make = processing("Make", "echo 1 > /opt/ml/processing/out/x")
    first = run(definition([make, processing("Use", "cat /opt/ml/processing/in/x", [output("Make")])]))
    source = first["PipelineExecutionArn"]
    name = source.split("/")[1]

    def start(step: str) -> str:
        selection = {"SourcePipelineExecutionArn": source, "SelectedSteps": [{"StepName": step}]}
        answer = sagemaker.start_pipeline_execution(PipelineName=name, SelectiveExecutionConfig=selection)
        return str(answer["PipelineExecutionArn"])

    arn = start("Use")
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    assert wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")["PipelineExecutionStatus"] == "Succeeded"
    after = {step["StepName"]: step for step in steps_of(sagemaker, arn)}
    assert after["Make"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert after["Make"]["Metadata"] == first["steps"]["Make"]["Metadata"]
    assert after["Use"]["Metadata"] != first["steps"]["Use"]["Metadata"]
    with pytest.raises(ClientError, match="no step 'Nope' to select"):
        start("Nope")
