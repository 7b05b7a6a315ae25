"""Parameters of an execution are checked against the definition before anything starts."""

import json
from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.delivery.parameters import check_parameters
from pipelines.errors import AwsError, ConfigurationError
from pipelines.settings.model import Settings

Check = Callable[[str, str], None]
DEFINITION = {
    "Parameters": [
        {"Name": "InputDataUri", "Type": "String"},
        {"Name": "GitCommit", "Type": "String", "DefaultValue": "unknown"},
        {"Name": "ApprovalStatus", "Type": "String", "EnumValues": ["Approved", "PendingManualApproval"]},
        {"Name": "MinimumAccuracy", "Type": "Float", "DefaultValue": 0.85},
        {"Name": "Rounds", "Type": "Integer", "EnumValues": [1, 2]},
        {"Name": "Epochs", "Type": "Integer"},
        {"Name": "Verbose", "Type": "Boolean"},
        {"Name": "TrainingInstanceType", "Type": "String", "DefaultValue": "ml.m5.xlarge"},
    ]
}


@pytest.fixture
def check(aws: Aws, sagemaker: Stubber, settings: Settings) -> Check:
    """Checks one parameter of the pipeline `training`."""

    def run(name: str, value: str) -> None:
        answer = {"PipelineDefinition": json.dumps(DEFINITION)}
        sagemaker.add_response("describe_pipeline", answer, {"PipelineName": "training"})
        check_parameters(aws, settings, "training", {name: value})

    return run


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NoSuch", "1", "no parameter NoSuch; it has InputDataUri, GitCommit"),
        ("minimumaccuracy", "0.5", r"no parameter minimumaccuracy; did you mean MinimumAccuracy\?"),
        (
            "ApprovalStatus",
            "approved",
            r"ApprovalStatus cannot be 'approved': allowed are Approved, PendingManualApproval; .* mean Approved\?",
        ),
        ("ApprovalStatus", "", "cannot be '': allowed are Approved, PendingManualApproval$"),
        ("Rounds", "3", "cannot be '3': allowed are 1, 2$"),
        ("MinimumAccuracy", "ninety", "cannot be 'ninety': the parameter is of type Float"),
        ("MinimumAccuracy", "95", r"cannot be '95.0': Input should be less than or equal to 1 \(as quality_gate"),
        ("MinimumAccuracy", "nan", "MinimumAccuracy cannot be 'nan'"),
        ("Epochs", "1.5", "of type Integer"),
        ("Verbose", "yes", "of type Boolean"),
        ("InputDataUri", "photos.tar.gz", r"expected s3://BUCKET/KEY"),
        ("GitCommit", "x" * 1025, "GitCommit cannot be 'x{20}…': it has more than 1024 characters"),
        ("TrainingInstanceType", "big", "TrainingInstanceType cannot be 'big'"),
        ("TrainingInstanceType", "ml.g5.xlarge", "another container image"),
    ],
)
def test_what_a_parameter_cannot_be(check: Check, name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        check(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("InputDataUri", "s3://bucket/data/mine"),
        ("GitCommit", "0123abc"),
        ("ApprovalStatus", "PendingManualApproval"),
        ("MinimumAccuracy", "0.9"),
        ("Rounds", "2"),
        ("Epochs", "-1"),
        ("Verbose", "true"),
        ("TrainingInstanceType", "ml.c7i.2xlarge"),
    ],
)
def test_what_it_can_be(check: Check, name: str, value: str) -> None:
    check(name, value)


def test_without_parameters_nobody_is_asked(aws: Aws, sagemaker: Stubber, settings: Settings) -> None:
    check_parameters(aws, settings, "training", {})


def test_a_pipeline_that_does_not_exist(aws: Aws, sagemaker: Stubber, settings: Settings) -> None:
    sagemaker.add_client_error("describe_pipeline", "ResourceNotFound")
    with pytest.raises(AwsError, match="no pipeline training; `scones pipeline upsert` creates it"):
        check_parameters(aws, settings, "training", {"GitCommit": "x"})
