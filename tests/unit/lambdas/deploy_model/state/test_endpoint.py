"""What the function reads of the endpoint, in SageMaker's words and in its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from lambdas.deploy_model.state.endpoint import Endpoint, describe, instance_type, says

ARN = "arn:aws:sagemaker:eu-west-1:123456789012"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
DESCRIBED = {
    "EndpointName": "vehicles",
    "EndpointArn": f"{ARN}:endpoint/vehicles",
    "EndpointStatus": "Updating",
    "EndpointConfigName": "old",
    "CreationTime": NOW,
    "LastModifiedTime": NOW,
}
GONE = ("ValidationException", 'Could not find endpoint configuration "old".')


@pytest.fixture
def sagemaker() -> Any:
    return boto3.client("sagemaker")


@pytest.fixture
def stubber(sagemaker: Any) -> Iterator[Stubber]:
    with Stubber(sagemaker) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def pending(*statuses: str) -> dict[str, Any]:
    """An update whose variants are in these states; a variant without one has only just been asked for."""
    variants = [
        {"VariantName": str(number), **({"VariantStatus": [{"Status": status}]} if status else {})}
        for number, status in enumerate(statuses)
    ]
    known = {"ProductionVariants": variants} if variants else {}
    return {"PendingDeploymentSummary": {"EndpointConfigName": "new", **known}}


@pytest.mark.parametrize(
    ("statuses", "baking"), [(("", "Baking"), True), (("Creating",), False), (("",), False), ((), False)]
)
def test_an_update_bakes_while_sagemaker_watches_one_of_its_variants(
    sagemaker: Any, stubber: Stubber, statuses: tuple[str, ...], baking: bool
) -> None:
    variants = [
        {"VariantName": name, "DesiredInstanceCount": count} for name, count in (("other", 9), ("AllTraffic", 3))
    ]
    stubber.add_response("describe_endpoint", {**DESCRIBED, "ProductionVariants": variants, **pending(*statuses)})
    changed = "2026-01-02T03:04:05+00:00"
    expected = Endpoint("vehicles", "Updating", "new", "old", changed=changed, instances=3, baking=baking)
    assert describe(sagemaker, "vehicles") == expected


def test_an_endpoint_that_is_being_made_has_no_variants_yet(sagemaker: Any, stubber: Stubber) -> None:
    stubber.add_response("describe_endpoint", DESCRIBED | {"EndpointStatus": "Creating"})
    found = describe(sagemaker, "vehicles", scaled=True)
    assert found
    assert (found.config_name, found.instances, found.baking, found.scaled) == ("old", None, False, True)


def test_a_configuration_that_is_gone_has_no_instance_type(sagemaker: Any, stubber: Stubber) -> None:
    stubber.add_client_error("describe_endpoint_config", *GONE)
    assert instance_type(sagemaker, "old") is None
    stubber.add_client_error("describe_endpoint_config", "AccessDeniedException", "not allowed")
    with pytest.raises(ClientError, match="not allowed"):
        instance_type(sagemaker, "old")


def test_an_error_without_a_message_says_nothing() -> None:
    assert not says(ClientError({"Error": {"Code": "InternalFailure"}}, "DescribeEndpoint"), "could not find")
