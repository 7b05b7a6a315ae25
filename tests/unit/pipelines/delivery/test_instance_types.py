"""An instance type given as a pipeline parameter must work with the definition's container image."""

import pytest

from pipelines.delivery.instance_types import PARAMETERS, check_instance_types
from pipelines.errors import ConfigurationError

DECLARED = {name: {"Name": name, "Type": "String", "DefaultValue": "ml.m5.xlarge"} for name in PARAMETERS}


def check(given: dict[str, str]) -> None:
    check_instance_types("eu-west-1", DECLARED, given)


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


def test_other_parameters_are_not_looked_at() -> None:
    check({"MinimumAccuracy": "0.9"})
