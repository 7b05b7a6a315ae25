"""An instance type given as a pipeline parameter must work with the definition's container image."""

import pytest

from pipelines.delivery.instance_types import PARAMETERS, check_instance_types
from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings

DECLARED = {name: {"Name": name, "Type": "String", "DefaultValue": "ml.m5.xlarge"} for name in PARAMETERS}


@pytest.fixture(params=["own", "aws"])
def source(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The settings with own images, and with AWS's."""
    containers = settings.containers.model_copy(update={"source": request.param})
    return settings.model_copy(update={"containers": containers})


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("instance_type", ["ml.g5.xlarge", "ml.p4d.24xlarge", "ml.m6g.large", "ml.inf2.xlarge"])
def test_another_family_is_refused(name: str, instance_type: str, source: Settings) -> None:
    with pytest.raises(ConfigurationError, match=instance_type) as caught:
        check_instance_types(source, DECLARED, {name: instance_type})
    assert caught.value.exit_code == 3


def test_the_error_names_the_parameter_and_the_setting(source: Settings) -> None:
    with pytest.raises(
        ConfigurationError, match=r"TrainingInstanceType is ml\.g5\.xlarge.*set training\.instance_type"
    ):
        check_instance_types(source, DECLARED, {"TrainingInstanceType": "ml.g5.xlarge"})


@pytest.mark.parametrize("instance_type", ["ml.m5.xlarge", "ml.c7i.2xlarge"])
def test_another_instance_of_the_family_is_allowed(instance_type: str, source: Settings) -> None:
    given = {"TrainingInstanceType": instance_type, "ProcessingInstanceType": instance_type}
    check_instance_types(source, DECLARED, given)


def test_other_parameters_are_not_looked_at(source: Settings) -> None:
    check_instance_types(source, DECLARED, {"MinimumAccuracy": "0.9"})
