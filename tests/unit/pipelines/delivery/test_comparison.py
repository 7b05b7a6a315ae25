"""What differs between definitions, and whether the last execution has done the same."""

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.delivery.comparison import EarlierExecution, changes, earlier_execution

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/scones-training/execution/abcdefghijkl"
GIVEN = {"InputDataUri": "s3://bucket/data/one"}
SAME = json.dumps({"Parameters": [{"Name": "InputDataUri"}, {"Name": "MinimumAccuracy", "DefaultValue": 0.85}]})


def definition(**hyperparameters: str) -> str:
    steps = [{"Name": "TrainModel", "Arguments": {"HyperParameters": hyperparameters}}, {"Name": "EvaluateModel"}]
    return json.dumps({"Version": "2020-12-01", "Steps": steps})


def test_changes_are_told_with_the_name_of_the_step() -> None:
    told = changes(definition(epochs="150", seed="7"), definition(epochs="120", width="16"))
    path = "Steps.TrainModel.Arguments.HyperParameters"
    assert told == [f'{path}.epochs: "150" → "120"', f'{path}.seed: "7" → nothing', f'{path}.width: nothing → "16"']


def test_a_long_value_is_shortened() -> None:
    (told,) = changes(definition(code="a" * 99), definition(code="b" * 99))
    assert len(told) < 200


def test_nothing_differs_or_nothing_is_there() -> None:
    assert changes(definition(seed="7"), definition(seed="7")) == []
    assert changes(None, definition()) == ["not deployed yet"]


@pytest.fixture
def executed(aws: Aws, sagemaker: Stubber) -> Any:
    """`executed(status, parameters, ran)`: what SageMaker says of the last execution."""

    def last(status: str, parameters: dict[str, str], ran: str = SAME) -> None:
        found = {"PipelineExecutionArn": ARN, "PipelineExecutionStatus": status}
        sagemaker.add_response("list_pipeline_executions", {"PipelineExecutionSummaries": [found]})
        sagemaker.add_response("describe_pipeline_definition_for_execution", {"PipelineDefinition": ran})
        sagemaker.add_response("describe_pipeline", {"PipelineDefinition": SAME})
        if ran != SAME:
            return
        listed = [{"Name": name, "Value": value} for name, value in parameters.items()]
        sagemaker.add_response("list_pipeline_parameters_for_execution", {"PipelineParameters": listed})

    return last


def test_a_default_is_the_same_whether_it_is_listed_or_not(aws: Aws, executed: Any) -> None:
    executed("Succeeded", GIVEN | {"MinimumAccuracy": "0.85"})
    assert earlier_execution(aws, "scones-training", GIVEN) == EarlierExecution(ARN, runs=False)


@pytest.mark.parametrize(("status", "runs"), [("Succeeded", False), ("Executing", True)])
def test_another_commit_and_champion_make_no_difference(status: str, runs: bool, aws: Aws, executed: Any) -> None:
    executed(status, GIVEN | {"GitCommit": "abc", "ChampionModelUri": "s3://bucket/x", "ChampionModelPackage": "none"})
    assert earlier_execution(aws, "scones-training", GIVEN) == EarlierExecution(ARN, runs)


@pytest.mark.parametrize(
    "given", [{"InputDataUri": "s3://bucket/data/other"}, GIVEN | {"MinimumAccuracy": "0.1"}], ids=["data", "gate"]
)
def test_other_data_or_another_parameter_do(given: dict[str, str], aws: Aws, executed: Any) -> None:
    executed("Succeeded", GIVEN)
    assert earlier_execution(aws, "scones-training", given) is None


def test_another_definition_does(aws: Aws, executed: Any) -> None:
    executed("Succeeded", GIVEN, ran="another")
    assert earlier_execution(aws, "scones-training", GIVEN) is None


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_what_failed_is_done_again(status: str, aws: Aws, sagemaker: Stubber) -> None:
    found = {"PipelineExecutionArn": ARN, "PipelineExecutionStatus": status}
    sagemaker.add_response("list_pipeline_executions", {"PipelineExecutionSummaries": [found]})
    assert earlier_execution(aws, "scones-training", GIVEN) is None
