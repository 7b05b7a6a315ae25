"""Waiting until the endpoint serves a model package."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.errors import AwsError, WaitTimeoutError
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint, last_change, wait_in_service

PACKAGE = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/2"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
NAMED = {"EndpointName": "e"}


def is_absent(stubber: Stubber) -> None:
    stubber.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")


def has_status(stubber: Stubber, status: str, reason: str | None = None) -> None:
    described = {"EndpointName": "e", "EndpointArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e"}
    described |= {"EndpointConfigName": "config", "EndpointStatus": status}
    described |= {"FailureReason": reason} if reason else {}
    stubber.add_response("describe_endpoint", {**described, "CreationTime": NOW, "LastModifiedTime": NOW})


def serves(stubber: Stubber, package: str) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/config"
    config = {"EndpointConfigName": "config", "EndpointConfigArn": arn, "CreationTime": NOW}
    variants = [{"VariantName": "AllTraffic", "ModelName": "m"}]
    stubber.add_response("describe_endpoint_config", {**config, "ProductionVariants": variants})
    model = {"ModelName": "m", "ModelArn": "arn:aws:sagemaker:eu-west-1:123456789012:model/m", "CreationTime": NOW}
    stubber.add_response("describe_model", {**model, "Containers": [{"ModelPackageName": package}]})


def test_it_waits_for_the_endpoint_and_for_the_package(aws: Aws, sagemaker: Stubber, names: Names, manual: Any) -> None:
    is_absent(sagemaker)
    has_status(sagemaker, "Creating")
    has_status(sagemaker, "InService")
    serves(sagemaker, PACKAGE.replace("/2", "/1"))
    has_status(sagemaker, "Updating")
    has_status(sagemaker, "InService")
    serves(sagemaker, PACKAGE)
    assert wait_in_service(aws, names, PACKAGE, 60, manual.clock) == names.endpoint
    assert manual.time == 2.0


@pytest.mark.parametrize(("reason", "said"), [("no capacity", "no capacity"), ("", "SageMaker gives no reason")])
def test_a_failed_endpoint(reason: str, said: str, aws: Aws, sagemaker: Stubber, names: Names, manual: Any) -> None:
    has_status(sagemaker, "Failed", reason)
    with pytest.raises(AwsError, match=f"failed: {said}$"):
        wait_in_service(aws, names, PACKAGE, 60, manual.clock)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the alarm went off", "was rolled back to its former model: the alarm went off"),
        ("InsufficientInstanceCapacity error.", "keeps its former model; each hour tries again: Insufficient"),
    ],
)
def test_a_rollback(reason: str, said: str, aws: Aws, sagemaker: Stubber, names: Names, manual: Any) -> None:
    has_status(sagemaker, "InService", reason)
    serves(sagemaker, PACKAGE.replace("/2", "/1"))
    with pytest.raises(AwsError, match=said):
        wait_in_service(aws, names, PACKAGE, 60, manual.clock)


def test_the_reason_of_an_earlier_rollback_is_not_that_of_this_deployment(
    aws: Aws, sagemaker: Stubber, names: Names, manual: Any
) -> None:
    has_status(sagemaker, "InService", "the alarm went off")
    assert last_change(aws, names.endpoint) == NOW
    has_status(sagemaker, "InService", "the alarm went off")
    serves(sagemaker, PACKAGE.replace("/2", "/1"))
    has_status(sagemaker, "InService")
    serves(sagemaker, PACKAGE)
    assert wait_in_service(aws, names, PACKAGE, 60, manual.clock, NOW) == names.endpoint
    is_absent(sagemaker)
    assert last_change(aws, names.endpoint) is None


@pytest.mark.parametrize("status", ["Creating", None])
def test_it_gives_up_and_says_why(status: str | None, aws: Aws, sagemaker: Stubber, names: Names, manual: Any) -> None:
    for _ in range(4):  # after 0, 0.5 and 1 seconds, and for the message
        has_status(sagemaker, status) if status else is_absent(sagemaker)
    with pytest.raises(WaitTimeoutError, match=rf"is {status or 'absent'} and does not serve .* after 1 s"):
        wait_in_service(aws, names, PACKAGE, 1, manual.clock)


def test_an_error_that_is_no_absence_is_not_taken_for_one(aws: Aws, sagemaker: Stubber) -> None:
    sagemaker.add_client_error("describe_endpoint", "AccessDeniedException", "no", 403, expected_params=NAMED)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        describe_endpoint(aws, "e")
    sagemaker.add_client_error("describe_endpoint", "ValidationException", "no", 400, expected_params=NAMED)
    assert describe_endpoint(aws, "e") is None
