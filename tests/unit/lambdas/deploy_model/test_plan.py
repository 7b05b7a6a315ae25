"""Every decision of `deploy_model`, without a call."""

import boto3
import pytest

from lambdas.deploy_model import plan
from lambdas.deploy_model.endpoint import Endpoint
from lambdas.deploy_model.models import ApprovalChange
from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import EndpointBusy, InvalidRequest, PackageNotApproved

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/7"

# What is done to an endpoint of each status that has the wanted configuration, or another one.
CHANGES = {
    "InService": ("keep", "update"),
    "Creating": ("keep", "busy"),
    "Updating": ("keep", "busy"),
    "SystemUpdating": ("keep", "busy"),
    "RollingBack": ("busy", "busy"),
    "Deleting": ("busy", "busy"),
    "Failed": ("replace", "replace"),
    "OutOfService": ("update", "update"),
    "UpdateRollbackFailed": ("update", "update"),
}


def package(status: str, group: str = "vehicles") -> Package:
    return Package(ARN, group, 7, status, "2026-01-02T03:04:05+00:00")


def change(status: str) -> ApprovalChange:
    return ApprovalChange(ARN, "vehicles", status)


def statuses(shape: str) -> set[str]:
    """The values that SageMaker's own model lists for an enumeration."""
    service = boto3.client("sagemaker").meta.service_model
    return set(service.shape_for(shape).enum)


def decided(current: Endpoint, config_name: str) -> str:
    try:
        return plan.change_to(current, config_name)
    except EndpointBusy:
        return "busy"


def test_the_table_has_every_status_of_an_endpoint() -> None:
    assert statuses("EndpointStatus") == set(CHANGES)


@pytest.mark.parametrize("status", CHANGES)
def test_what_is_done_to_an_endpoint(status: str) -> None:
    current = Endpoint("vehicles", status, "config")
    assert (decided(current, "config"), decided(current, "another")) == CHANGES[status]


def test_without_an_endpoint_one_is_created() -> None:
    assert plan.change_to(None, "config") == "create"


def test_a_busy_endpoint_is_named_with_what_it_is_changing_to() -> None:
    with pytest.raises(EndpointBusy, match="the endpoint 'vehicles' is Updating with 'older'; try again later"):
        plan.change_to(Endpoint("vehicles", "Updating", "older"), "config")


@pytest.mark.parametrize("status", CHANGES)
def test_an_endpoint_serves_what_it_has_or_is_being_brought_to(status: str) -> None:
    current = Endpoint("vehicles", status, "config")
    assert plan.serves(current, "config") is (CHANGES[status][0] == "keep")
    assert plan.serves(current, "another") is False


def test_no_endpoint_serves_nothing() -> None:
    assert plan.serves(None, "config") is False


def test_an_approved_package_of_the_group_may_be_deployed() -> None:
    plan.check(package("Approved"), "vehicles")


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_a_package_without_approval_may_not(status: str) -> None:
    with pytest.raises(PackageNotApproved, match=f"vehicles/7 is {status}; approve it"):
        plan.check(package(status), "vehicles")


@pytest.mark.parametrize("status", ["Approved", "Rejected"])
def test_the_group_counts_before_the_approval(status: str) -> None:
    with pytest.raises(InvalidRequest, match="vehicles/7 is not of the group 'vehicles'"):
        plan.check(package(status, "others"), "vehicles")


@pytest.mark.parametrize(
    ("status", "expected"), [("Approved", "deploy"), ("Rejected", "withdraw"), ("PendingManualApproval", "ignore")]
)
def test_what_a_change_of_approval_means(status: str, expected: str) -> None:
    assert plan.verdict(change(status), package(status)) == expected


def test_every_approval_status_has_been_thought_of() -> None:
    assert statuses("ModelApprovalStatus") == {"Approved", "Rejected", "PendingManualApproval"}


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ("Approved", "Rejected"),
        ("Approved", "PendingManualApproval"),
        ("Rejected", "Approved"),
        ("PendingManualApproval", "Approved"),
    ],
)
def test_an_event_that_the_registry_has_overtaken_is_stale(told: str, now: str) -> None:
    assert plan.verdict(change(told), package(now)) == "stale"
