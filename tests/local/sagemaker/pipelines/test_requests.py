"""Requests about pipelines: definitions, parameters, answers, and what is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.protocol.json_protocol import complaint, operation_model
from tests.local.sagemaker.support import definition, output, processing
from tests.local.support import ACCOUNT, BUCKET, REGION, ROLE, Wait

Run = Callable[..., dict[str, Any]]


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


def test_a_pipeline_that_runs_is_not_deleted_and_its_executions_go_with_it(sagemaker: Any, wait: Wait) -> None:
    text = definition([processing("A", "sleep 60")])
    sagemaker.create_pipeline(PipelineName="busy", PipelineDefinition=text, RoleArn=ROLE)
    started = {"PipelineName": "busy", "ClientRequestToken": "d" * 32}
    arn = sagemaker.start_pipeline_execution(**started)["PipelineExecutionArn"]
    with pytest.raises(sagemaker.exceptions.ConflictException, match=f"{arn} is running"):
        sagemaker.delete_pipeline(PipelineName="busy")
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="e" * 32)
    wait(lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn), "PipelineExecutionStatus", "Stopped")
    sagemaker.delete_pipeline(PipelineName="busy")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    sagemaker.create_pipeline(PipelineName="busy", PipelineDefinition=text, RoleArn=ROLE)
    assert sagemaker.list_pipeline_executions(PipelineName="busy")["PipelineExecutionSummaries"] == []
    again = sagemaker.start_pipeline_execution(**started)["PipelineExecutionArn"]
    assert again != arn  # the token went as well
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=again, ClientRequestToken="f" * 32)


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
            f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:processing-job/"
        )


def test_what_sagemaker_does_not_take_is_refused_at_creation(sagemaker: Any) -> None:
    policy = {"ExceptionType": ["Step.BAD_LUCK"], "MaxAttempts": 5}
    failed = {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}
    for text, named in (
        (definition([{"Name": "Odd", "Type": "Dance"}]), "Odd"),
        (definition([processing("One", "true", RetryPolicies=[policy])]), "One"),
        (definition([failed, processing("Late", "true", DependsOn=["End"])]), "Late"),
        (definition([processing("One", "true")]).replace("2020-12-01", "1999-01-01"), "1999-01-01"),
    ):
        with pytest.raises(ClientError, match=named) as raised:
            sagemaker.create_pipeline(PipelineName="malformed", PipelineDefinition=text, RoleArn=ROLE)
        assert raised.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(ClientError) as raised:
        sagemaker.list_pipeline_execution_steps()
    assert raised.value.response["Error"]["Code"] == "ValidationException"
