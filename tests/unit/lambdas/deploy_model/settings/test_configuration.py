"""The environment variables of `deploy_model`."""

import pytest
from unit.lambdas.deployment import ENVIRONMENT

from lambdas.deploy_model.settings.configuration import Configuration, tags
from lambdas.shared.errors import ConfigurationError


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is missing"):
        Configuration.parse({key: value for key, value in ENVIRONMENT.items() if key != name})


@pytest.mark.parametrize("uri", ["baseline", "s3://bucket", "s3://bucket/", "s3://bucket/baseline/", "s3:///baseline"])
def test_the_baseline_lies_in_a_folder_of_a_bucket(uri: str) -> None:
    with pytest.raises(ConfigurationError, match="BASELINE_URI must be s3://<bucket>/<folder>, got "):
        Configuration.parse(ENVIRONMENT | {"BASELINE_URI": uri})


@pytest.mark.parametrize(
    ("name", "value", "limits"),
    [
        ("INSTANCE_COUNT", "0", "1 to 1000"),
        ("INSTANCE_COUNT", "1001", "1 to 1000"),
        ("INSTANCE_COUNT", "two", "1 to 1000"),
        ("CAPTURE_PERCENTAGE", "101", "0 to 100"),
        ("CAPTURE_PERCENTAGE", "-1", "0 to 100"),
    ],
)
def test_a_wrong_number_is_named_with_its_limits(name: str, value: str, limits: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be a whole number from {limits}, got '{value}'"):
        Configuration.parse(ENVIRONMENT | {name: value})


@pytest.mark.parametrize("count", [1, 1000])
def test_one_to_a_thousand_instances_are_allowed(count: int) -> None:
    assert Configuration.parse(ENVIRONMENT | {"INSTANCE_COUNT": str(count)}).instance_count == count


@pytest.mark.parametrize("text", ["project", "=prod", "project=scones,environment"])
def test_tags_without_a_value_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="TAGS must be key=value,key=value, got"):
        Configuration.parse(ENVIRONMENT | {"TAGS": text})


def test_the_value_of_a_tag_may_have_an_equals_sign() -> None:
    assert tags("team=a=b,stage=prod") == {"team": "a=b", "stage": "prod"}


def test_a_vpc_needs_subnets_and_security_groups() -> None:
    with pytest.raises(ConfigurationError, match="SUBNETS and SECURITY_GROUPS need each other"):
        Configuration.parse(ENVIRONMENT | {"SUBNETS": "subnet-1"})
