"""The steps of a pipeline, run for real: their order, their values, what they make."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.local.sagemaker.support import definition, output, processing, steps_of, training
from tests.local.support import ROLE, stored

pytestmark = pytest.mark.isolation
Run = Callable[..., dict[str, Any]]


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
    assert stored(s3, f"{uri}/two") == b"2\n"
    arn = done["PipelineExecutionArn"]
    parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert parameters == [{"Name": "Least", "Value": "1.5"}]


def test_independent_steps_run_at_the_same_time(run: Run, tmp_path: Path) -> None:
    # Each waits for the file that the other writes to the place both share.
    meet = "touch {mine}; for i in $(seq 300); do [ -e {other} ] && exit 0; sleep 0.1; done; exit 1"
    a, b = tmp_path / "a", tmp_path / "b"
    steps = [processing("A", meet.format(mine=a, other=b)), processing("B", meet.format(mine=b, other=a))]
    assert run(definition(steps))["PipelineExecutionStatus"] == "Succeeded"


def test_parallelism_can_be_limited(sagemaker: Any, wait: Any) -> None:
    text = definition([processing(name, "sleep 0.2") for name in ("A", "B", "C")])
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
        assert stored(s3, made)


def test_a_model_step_makes_a_model_for_the_steps_after_it(run: Run, sagemaker: Any) -> None:
    container = {"Image": "image", "ModelDataUrl": "s3://tests-bucket/model.tar.gz"}
    model = {"Name": "Keep", "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}}
    failed = {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Steps.Keep.ModelName"}}}
    done = run(definition([model, failed]))
    arn = done["steps"]["Keep"]["Metadata"]["Model"]["Arn"]
    name = done["steps"]["End"]["Metadata"]["Fail"]["ErrorMessage"]
    assert name.startswith("pipelines-")
    described = sagemaker.describe_model(ModelName=name)
    assert described["ModelArn"] == arn
    assert described["PrimaryContainer"]["ModelDataUrl"] == container["ModelDataUrl"]
