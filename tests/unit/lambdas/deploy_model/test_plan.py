"""Every decision of `deploy_model`, without a call."""

import boto3
import pytest

from lambdas.deploy_model import plan
from lambdas.deploy_model.requests import PackageChange
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.state.registry import Package
from lambdas.shared.errors import InvalidRequest, PackageNotApproved, PackageNotDeployable

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/7"

# What is done to an endpoint of each status that has the wanted configuration, or another one.
CHANGES = {
    "InService": ("keep", "update"),
    "Creating": ("wait", "wait"),
    "Updating": ("wait", "wait"),
    "SystemUpdating": ("wait", "wait"),
    "RollingBack": ("wait", "wait"),
    "Deleting": ("wait", "wait"),
    "Failed": ("delete", "delete"),
    "OutOfService": ("update", "update"),
    "UpdateRollbackFailed": ("update", "update"),
}


def package(status: str, group: str = "vehicles", defect: str = "") -> Package:
    return Package(ARN, group, 7, status, "2026-01-02T03:04:05+00:00", defect=defect)


def statuses(shape: str) -> set[str]:
    """The values that SageMaker's own model lists for an enumeration."""
    service = boto3.client("sagemaker").meta.service_model
    return set(service.shape_for(shape).enum)


def test_the_table_has_every_status_of_an_endpoint() -> None:
    assert statuses("EndpointStatus") == set(CHANGES)


@pytest.mark.parametrize("status", CHANGES)
def test_what_is_done_to_an_endpoint(status: str) -> None:
    current = Endpoint("vehicles", status, "config")
    changes = tuple(plan.change_to(current, wanted, None) for wanted in ("config", "another"))
    assert changes == CHANGES[status]


def test_without_an_endpoint_one_is_created() -> None:
    assert plan.change_to(None, "config", None) == "create"
    assert plan.change_to(None, "config", "config") == "create"  # it was deleted meanwhile


@pytest.mark.parametrize(
    ("status", "config"), [("InService", "older"), ("Failed", "config"), ("OutOfService", "older")]
)
def test_what_this_execution_has_tried_in_vain_is_not_tried_again(status: str, config: str) -> None:
    current = Endpoint("vehicles", status, config)
    assert plan.change_to(current, "config", "config") == "give up"
    assert plan.change_to(current, "config", "another") != "give up"


def test_what_this_execution_has_brought_into_service_is_kept() -> None:
    assert plan.change_to(Endpoint("vehicles", "InService", "config"), "config", "config") == "keep"


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


def test_a_package_that_cannot_be_served_is_refused_with_the_reason() -> None:
    with pytest.raises(PackageNotDeployable, match=r"vehicles/7 cannot be deployed: it has 2 containers\. Reject it"):
        plan.check(package("Approved", defect="it has 2 containers"), "vehicles")


@pytest.mark.parametrize(
    ("group", "fields", "expected"),
    [
        ("vehicles", ("ModelApprovalStatus",), True),
        ("vehicles", ("ApprovalDescription", "ModelApprovalStatus", "CustomerMetadataProperties"), True),
        ("vehicles", None, True),
        ("vehicles", ("CustomerMetadataProperties",), False),
        ("vehicles", ("ModelLifeCycle", "ApprovalDescription", "sourceUri", "InferenceSpecification"), False),
        ("vehicles", (), False),
        ("others", ("ModelApprovalStatus",), False),
    ],
)
def test_which_events_are_a_reason_to_look(group: str, fields: tuple[str, ...] | None, expected: bool) -> None:
    assert plan.concerns(PackageChange(ARN, group, fields), "vehicles") is expected


@pytest.mark.parametrize(("status", "change"), [("Updating", "wait"), ("InService", "delete"), ("Failed", "delete")])
def test_an_endpoint_that_is_changing_is_not_deleted_yet(status: str, change: str) -> None:
    assert plan.change_to_none(Endpoint("vehicles", status, "config")) == change
    assert plan.change_to_none(None) == "keep"
