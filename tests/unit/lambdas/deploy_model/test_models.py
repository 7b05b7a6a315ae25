"""Names, contents and environment of a deployment."""

import pytest
from unit.lambdas.deployment import ARN, ENVIRONMENT

from lambdas.deploy_model import models, registry
from lambdas.deploy_model.models import Configuration
from lambdas.shared.errors import ConfigurationError


def test_names_fit_and_tell_deployments_apart() -> None:
    configuration = Configuration.parse(ENVIRONMENT)
    package = registry.Package(ARN + "/7", "g" * 63, 123456, "Approved", "2026-01-02T03:04:05+00:00")
    first = models.define(package, configuration)
    assert len(first.endpoint_config_name) <= 63
    assert models.define(package, configuration) == first
    larger = models.define(package, Configuration.parse(ENVIRONMENT | {"INSTANCE_COUNT": "3"}))
    assert larger.model == first.model
    assert larger.endpoint_config_name != first.endpoint_config_name
    reborn = registry.Package(package.arn, package.group, package.version, package.status, "2027-01-01T00:00:00+00:00")
    assert models.define(reborn, configuration).model["ModelName"] != first.model["ModelName"]


def test_capture_can_be_switched_off() -> None:
    configuration = Configuration.parse(ENVIRONMENT | {"CAPTURE_PERCENTAGE": "0"})
    assert models.data_capture(configuration)["EnableCapture"] is False


def test_a_model_may_be_in_a_vpc() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    network = {"SUBNETS": "subnet-1,subnet-2", "SECURITY_GROUPS": "sg-1"}
    model = models.define(package, Configuration.parse(ENVIRONMENT | network)).model
    assert model["VpcConfig"] == {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    outside = models.define(package, Configuration.parse(ENVIRONMENT | {"SUBNETS": "", "SECURITY_GROUPS": ""})).model
    assert set(outside) == {"ModelName", "Containers", "ExecutionRoleArn"}
    assert model["ModelName"] != outside["ModelName"]
    with pytest.raises(ConfigurationError, match="SUBNETS and SECURITY_GROUPS need each other"):
        Configuration.parse(ENVIRONMENT | {"SUBNETS": "subnet-1"})


def test_a_model_may_be_cut_off_from_all_networks() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    model = models.define(package, Configuration.parse(ENVIRONMENT | {"NETWORK_ISOLATION": "true"})).model
    assert model["EnableNetworkIsolation"] is True
    assert "VpcConfig" not in model


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is missing"):
        Configuration.parse({key: value for key, value in ENVIRONMENT.items() if key != name})


@pytest.mark.parametrize("uri", ["baseline", "s3://bucket", "s3://bucket/", "s3://bucket/baseline/", "s3:///baseline"])
def test_the_baseline_lies_in_a_folder_of_a_bucket(uri: str) -> None:
    with pytest.raises(ConfigurationError, match="BASELINE_URI must be s3://<bucket>/<folder>, got "):
        Configuration.parse(ENVIRONMENT | {"BASELINE_URI": uri})


@pytest.mark.parametrize(
    ("name", "value"),
    [("INSTANCE_COUNT", "0"), ("INSTANCE_COUNT", "two"), ("CAPTURE_PERCENTAGE", "101"), ("CAPTURE_PERCENTAGE", "-1")],
)
def test_a_wrong_number_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be a whole number from"):
        Configuration.parse(ENVIRONMENT | {name: value})


@pytest.mark.parametrize("text", ["project", "=prod", "project=scones,environment"])
def test_tags_without_a_value_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="TAGS must be key=value,key=value, got"):
        Configuration.parse(ENVIRONMENT | {"TAGS": text})
