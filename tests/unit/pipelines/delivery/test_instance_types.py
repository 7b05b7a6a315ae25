"""An instance type given as a pipeline parameter must work with the definition's container image."""

import json

import boto3
import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.delivery.instance_types import PARAMETERS, check_instance_types
from pipelines.errors import ConfigurationError

DEFINITION = {
    "Parameters": [{"Name": name, "Type": "String", "DefaultValue": "ml.m5.xlarge"} for name in PARAMETERS]
    + [{"Name": "InputDataUri", "Type": "String"}]
}


def check(given: dict[str, str]) -> None:
    aws = Aws(boto3.Session("testing", "testing", region_name="eu-west-1"))
    with Stubber(aws.sagemaker) as stubber:
        if given.keys() & PARAMETERS.keys():
            answer = {"PipelineDefinition": json.dumps(DEFINITION)}
            stubber.add_response("describe_pipeline", answer, {"PipelineName": "training"})
        check_instance_types(aws, "training", given)
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("instance_type", ["ml.g5.xlarge", "ml.p4d.24xlarge", "ml.m6g.large", "ml.inf2.xlarge"])
def test_another_family_is_refused(name: str, instance_type: str) -> None:
    with pytest.raises(ConfigurationError, match=instance_type) as caught:
        check({name: instance_type})
    assert caught.value.exit_code == 3


def test_the_error_names_the_parameter_and_the_setting() -> None:
    with pytest.raises(
        ConfigurationError, match=r"TrainingInstanceType is ml\.g5\.xlarge.*set training\.instance_type"
    ):
        check({"TrainingInstanceType": "ml.g5.xlarge"})


@pytest.mark.parametrize("instance_type", ["ml.m5.xlarge", "ml.c7i.2xlarge"])
def test_another_instance_of_the_family_is_allowed(instance_type: str) -> None:
    check({"TrainingInstanceType": instance_type, "ProcessingInstanceType": instance_type})


def test_other_parameters_need_no_call_to_aws() -> None:
    check({"MinimumAccuracy": "0.9"})
