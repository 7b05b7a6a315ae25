"""An instance type given as a pipeline parameter must work with the definition's container image."""

import json
from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.delivery.instance_types import PARAMETERS, check_instance_types
from pipelines.errors import ConfigurationError

Check = Callable[[dict[str, str]], None]
DEFINITION = {
    "Parameters": [{"Name": name, "Type": "String", "DefaultValue": "ml.m5.xlarge"} for name in PARAMETERS]
    + [{"Name": "InputDataUri", "Type": "String"}]
}


@pytest.fixture
def check(aws: Aws, sagemaker: Stubber) -> Check:
    """Checks parameters of the pipeline `training`, whose definition is asked for at most once."""

    def run(given: dict[str, str]) -> None:
        if given.keys() & PARAMETERS.keys():
            answer = {"PipelineDefinition": json.dumps(DEFINITION)}
            sagemaker.add_response("describe_pipeline", answer, {"PipelineName": "training"})
        check_instance_types(aws, "training", given)

    return run


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("instance_type", ["ml.g5.xlarge", "ml.p4d.24xlarge", "ml.m6g.large", "ml.inf2.xlarge"])
def test_another_family_is_refused(name: str, instance_type: str, check: Check) -> None:
    with pytest.raises(ConfigurationError, match=instance_type) as caught:
        check({name: instance_type})
    assert caught.value.exit_code == 3


def test_the_error_names_the_parameter_and_the_setting(check: Check) -> None:
    with pytest.raises(
        ConfigurationError, match=r"TrainingInstanceType is ml\.g5\.xlarge.*set training\.instance_type"
    ):
        check({"TrainingInstanceType": "ml.g5.xlarge"})


@pytest.mark.parametrize("instance_type", ["ml.m5.xlarge", "ml.c7i.2xlarge"])
def test_another_instance_of_the_family_is_allowed(instance_type: str, check: Check) -> None:
    check({"TrainingInstanceType": instance_type, "ProcessingInstanceType": instance_type})


def test_other_parameters_need_no_call_to_aws(check: Check) -> None:
    check({"MinimumAccuracy": "0.9"})
