"""Names and contents of a deployment."""

import pytest
from unit.lambdas.deployment import ARN, ENVIRONMENT

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import registry
from lambdas.deploy_model.update import definition


def test_names_fit_and_tell_deployments_apart() -> None:
    configuration = Configuration.parse(ENVIRONMENT)
    package = registry.Package(ARN + "/7", "g" * 63, 123456, "Approved", "2026-01-02T03:04:05+00:00")
    first = definition.define(package, configuration)
    assert len(first.endpoint_config_name) <= 63
    assert definition.define(package, configuration) == first
    larger = definition.define(package, Configuration.parse(ENVIRONMENT | {"INSTANCE_COUNT": "3"}))
    assert larger.model == first.model
    assert larger.endpoint_config_name != first.endpoint_config_name
    reborn = registry.Package(package.arn, package.group, package.version, package.status, "2027-01-01T00:00:00+00:00")
    assert definition.define(reborn, configuration).model["ModelName"] != first.model["ModelName"]


def test_the_order_in_which_contents_are_written_is_no_part_of_a_name() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    assert definition.name(package, {"a": 1, "b": 2}) == definition.name(package, {"b": 2, "a": 1})


def test_one_variant_answers_and_both_photos_and_answers_are_captured() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    found = definition.endpoint_config_of(package, Configuration.parse(ENVIRONMENT), "model")
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "model",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
        "InitialVariantWeight": 1.0,
    }
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 40,
        "DestinationS3Uri": ENVIRONMENT["CAPTURE_URI"],
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    del found["EndpointConfigName"]
    assert found == {"ProductionVariants": [variant], "DataCaptureConfig": capture}


@pytest.mark.parametrize(("percentage", "captures"), [("0", False), ("1", True)])
def test_at_no_percent_capture_is_switched_off(percentage: str, captures: bool) -> None:
    configuration = Configuration.parse(ENVIRONMENT | {"CAPTURE_PERCENTAGE": percentage})
    assert definition.data_capture(configuration)["EnableCapture"] is captures


def test_a_model_may_be_in_a_vpc() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    network = {"SUBNETS": "subnet-1,subnet-2", "SECURITY_GROUPS": "sg-1,sg-2"}
    model = definition.define(package, Configuration.parse(ENVIRONMENT | network)).model
    assert model["VpcConfig"] == {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1", "sg-2"]}
    without = Configuration.parse(ENVIRONMENT | {"SUBNETS": "", "SECURITY_GROUPS": ""})
    outside = definition.define(package, without).model
    assert set(outside) == {"ModelName", "Containers", "ExecutionRoleArn"}
    assert model["ModelName"] != outside["ModelName"]


def test_a_model_may_be_cut_off_from_all_networks() -> None:
    package = registry.Package(ARN + "/7", "g", 7, "Approved", "2026-01-02T03:04:05+00:00")
    model = definition.define(package, Configuration.parse(ENVIRONMENT | {"NETWORK_ISOLATION": "true"})).model
    assert model["EnableNetworkIsolation"] is True
    assert "VpcConfig" not in model
