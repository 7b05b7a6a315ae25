"""What the endpoint serves, and the marks on endpoint configurations, as functions and commands read them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from lambdas.shared.deployments import is_rolled_back, latest_configs, marks, served_packages, stem

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def client() -> Any:
    return boto3.client("sagemaker")


@pytest.fixture
def stubber(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("carX", "carX-v"),
        ("c" * 41, "c" * 40 + "-v"),
        ("c" * 39 + "-model", "c" * 39 + "-v"),  # no second dash where the name is cut
    ],
)
def test_names_begin_with_at_most_forty_characters_of_the_group(group: str, expected: str) -> None:
    assert stem(group) == expected


def test_a_package_can_be_in_either_place_of_a_model(client: Any, stubber: Stubber) -> None:
    variants = [{"VariantName": name, "ModelName": name} for name in ("one", "two", "three")]
    described = {"EndpointConfigName": "c", "EndpointConfigArn": f"{ARN}/c", "CreationTime": NOW}
    stubber.add_response(
        "describe_endpoint_config", {**described, "ProductionVariants": variants}, {"EndpointConfigName": "c"}
    )
    for name, content in (
        ("one", {"PrimaryContainer": {"ModelPackageName": "first"}}),
        ("two", {"Containers": [{"ModelPackageName": "second"}, {"Image": "own"}]}),
        ("three", {"PrimaryContainer": {"Image": "own"}}),
    ):
        model = {"ModelName": name, "ModelArn": "arn:aws:sagemaker:eu-west-1:123456789012:model/m", "CreationTime": NOW}
        stubber.add_response("describe_model", {**model, **content}, {"ModelName": name})
    assert served_packages(client, "c") == ["first", "second"]


def test_marks_are_those_of_each_versions_latest_configuration(client: Any, stubber: Stubber) -> None:
    names = ["cars-v2-0a1b2c3d", "cars-v2-ffffffff", "my-cars-v1-0a1b2c3d", "cars-v1-by-hand", "cars-v3-0a1b2c3d"]
    configs = [
        {"EndpointConfigName": name, "EndpointConfigArn": f"{ARN}/{name}", "CreationTime": NOW} for name in names
    ]
    asked = {"NameContains": "cars-v", "SortBy": "CreationTime", "SortOrder": "Ascending"}
    stubber.add_response("list_endpoint_configs", {"EndpointConfigs": configs}, asked)
    stubber.add_response(
        "list_tags", {"Tags": [{"Key": "rolled-back", "Value": "now"}]}, {"ResourceArn": f"{ARN}/{names[1]}"}
    )
    assert marks(client, "cars", [2, 1]) == {2: {"rolled-back": "now"}}
    stubber.add_response("list_endpoint_configs", {"EndpointConfigs": configs}, asked)
    assert latest_configs(client, "cars") == {2: f"{ARN}/{names[1]}", 3: f"{ARN}/{names[4]}"}


def test_a_configuration_that_is_gone_has_no_mark(client: Any, stubber: Stubber) -> None:
    stubber.add_client_error("list_tags", "ValidationException", "Could not find it")
    assert not is_rolled_back(client, f"{ARN}/c")
    stubber.add_client_error("list_tags", "AccessDeniedException", "no")
    with pytest.raises(ClientError, match="AccessDenied"):
        is_rolled_back(client, f"{ARN}/c")
