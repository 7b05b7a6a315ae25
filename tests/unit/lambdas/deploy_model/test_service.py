"""`deploy_model` brings the endpoint in line with the registry, whatever request it is that comes."""

from typing import Any

import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deploy_model.executions import run_execution
from unit.lambdas.deployment import ARN, ENVIRONMENT, GROUP, change, deploy, event_of, look
from unit.lambdas.registry_in_memory import CONTAINER
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.handler import handler
from lambdas.shared.errors import InvalidRequest, PackageNotApproved, PackageNotDeployable


def serve(account: Account, *approved: int) -> None:
    """Approved versions, of which the endpoint serves the newest."""
    account.versions |= dict.fromkeys(approved, "Approved")
    assert run_execution(account, event_of(max(approved), None))["state"] == "settled"
    assert account.serving() == max(approved)


def test_an_approval_deploys_step_by_step(account: Account) -> None:
    account.versions = {1: "PendingManualApproval", 2: "Approved"}
    first = change(2)
    config = first["endpoint_config_name"]
    assert first == {
        "action": "created",
        "state": "changing",
        "endpoint_name": ENVIRONMENT["ENDPOINT_NAME"],
        "endpoint_config_name": config,
        "model_package_arn": f"{ARN}/2",
        "started": config,
        "reason": "",
        "questions": "",
    }
    assert look(config) == first | {"action": "waiting", "reason": f"the endpoint is Creating with {config}"}
    account.finish()
    nothing = "nothing was asked: no photos are kept with version 2"
    assert look(config) == first | {"action": "unchanged", "state": "settled", "questions": nothing}


def test_a_newer_approval_updates(account: Account) -> None:
    serve(account, 1)
    account.versions[2] = "Approved"
    assert change(2)["action"] == "updated"
    account.finish()
    assert account.serving() == 2


def test_an_approval_together_with_metadata_deploys(account: Account) -> None:
    account.versions[1] = "Approved"
    event = event_of(1, ["CustomerMetadataProperties", "ModelApprovalStatus", "ApprovalDescription"])
    assert handler(event, CONTEXT)["action"] == "created"


@pytest.mark.parametrize("field", ["CustomerMetadataProperties", "ApprovalDescription", "ModelLifeCycle", "sourceUri"])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_metadata_never_deploys(account: Account, field: str, version: int) -> None:
    serve(account, 1, 2)
    account.versions |= {3: "Approved"}  # its own event is still to come
    answer = handler(event_of(version, [field]), CONTEXT)
    assert (answer["action"], answer["state"], answer["model_package_arn"]) == ("ignored", "settled", None)
    assert account.endpoint
    assert answer["endpoint_config_name"] == account.endpoint.config
    assert account.endpoint.status == "InService"


def test_the_event_of_another_group_is_ignored(account: Account) -> None:
    account.versions[1] = "Approved"
    assert change(1, group="others") == {
        "action": "ignored",
        "state": "settled",
        "endpoint_name": ENVIRONMENT["ENDPOINT_NAME"],
        "endpoint_config_name": None,
        "model_package_arn": None,
        "started": None,
        "reason": "no decision about a version of this group",
        "questions": "",
    }
    assert account.endpoint is None


def test_approving_an_older_version_changes_nothing_and_says_so(account: Account) -> None:
    serve(account, 2)
    account.versions[1] = "Approved"
    answer = change(1)
    assert (answer["action"], answer["model_package_arn"]) == ("unchanged", f"{ARN}/2")
    assert answer["reason"] == "version 2 is the newest approved one; reject it to go back to an older one"
    assert account.serving() == 2


def test_the_newest_version_counts_and_not_the_order_of_the_list(account: Account) -> None:
    """The account lists one version a page, and not in their order."""
    account.versions = dict.fromkeys((9, 10, 2), "Approved")
    assert change(2)["model_package_arn"] == f"{ARN}/10"


def test_a_rejection_goes_back_to_the_newest_that_is_still_approved(account: Account) -> None:
    serve(account, 1, 2, 3)
    account.versions |= {2: "Rejected", 3: "Rejected"}
    assert change(3)["model_package_arn"] == f"{ARN}/1"
    account.finish()
    assert account.serving() == 1


def test_without_an_approved_version_a_rejected_one_stays_in_service(account: Account) -> None:
    serve(account, 1)
    account.versions[1] = "Rejected"
    answer = change(1)
    assert (answer["action"], answer["reason"]) == ("ignored", "no version is approved")
    assert account.serving() == 1


def test_the_same_event_late_and_twice_changes_nothing(account: Account) -> None:
    serve(account, 1)
    serve(account, 2)
    calls = len(account.calls)
    assert (change(1)["action"], change(2)["action"], change(2)["action"]) == ("unchanged",) * 3
    assert not {"UpdateEndpoint", "CreateEndpoint", "DeleteEndpoint"} & set(account.calls[calls:])


@pytest.mark.parametrize(
    "status",
    [
        *("Updating", "SystemUpdating", "RollingBack", "OutOfService", "UpdateRollbackFailed"),
        *("Creating", "Failed", "Deleting"),  # in these there is no endpoint to update
    ],
)
def test_an_approval_while_the_endpoint_is_in_another_state_is_kept(account: Account, status: str) -> None:
    serve(account, 1)
    assert account.endpoint
    account.endpoint = Endpoint(status, account.endpoint.config)
    account.versions[2] = "Approved"
    assert run_execution(account, event_of(2, ["ModelApprovalStatus"]))["state"] == "settled"
    assert account.serving() == 2


def test_a_rejection_while_the_version_is_on_its_way_is_kept(account: Account) -> None:
    serve(account, 1)
    account.versions[2] = "Approved"
    change(2)
    account.versions[2] = "Rejected"
    assert run_execution(account, event_of(2, ["ModelApprovalStatus"]))["model_package_arn"] == f"{ARN}/1"
    assert account.serving() == 1


@pytest.mark.parametrize("call", ["DescribeEndpoint", "CreateModel", "UpdateEndpoint"])
def test_a_version_that_is_rejected_between_check_and_act_does_not_stay(account: Account, call: str) -> None:
    serve(account, 1)
    account.versions[2] = "Approved"
    account.before[call] = lambda: account.versions.update({2: "Rejected"})
    assert run_execution(account, event_of(2, ["ModelApprovalStatus"]))["state"] == "settled"
    assert account.serving() == 1


def test_a_version_that_is_rejected_between_the_list_and_its_description(account: Account) -> None:
    account.versions = {1: "Approved", 2: "Approved"}
    account.before["DescribeModelPackage"] = lambda: account.versions.update({2: "Rejected"})
    assert change(2)["model_package_arn"] == f"{ARN}/1"


def test_a_creation_that_failed_is_told_and_tried_again_by_the_next_look(account: Account) -> None:
    account.versions[1] = "Approved"
    answer = run_execution(account, event_of(1, ["ModelApprovalStatus"]), failing=True)
    assert (answer["action"], answer["state"]) == ("failed", "failed")
    assert "is Failed with" in answer["reason"]
    assert run_execution(account, {"reconcile": {}})["state"] == "settled"
    assert account.serving() == 1


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"model_package_arn": None},
        {"model_package_arn": "v1"},
        {"model_package_arn": ARN},
        {"reconcile": None},
        {"reconcile": {"started": 3}},
        {"detail-type": "Other"},
        {"detail-type": "SageMaker Model Package State Change"},
        {"detail-type": "SageMaker Model Package State Change", "detail": {"ModelPackageArn": f"{ARN}/1"}},
    ],
)
def test_invalid_requests(event: dict[str, Any], account: Account) -> None:
    with pytest.raises(InvalidRequest):
        handler(event, CONTEXT)


def test_an_unknown_package(account: Account) -> None:
    with pytest.raises(InvalidRequest, match=r"the registry has no .*/99"):
        deploy(99)


def test_a_package_of_another_account(account: Account) -> None:
    account.versions[1] = "Approved"
    arn = f"arn:aws:sagemaker:eu-west-1:999999999999:model-package/{GROUP}/1"
    with pytest.raises(InvalidRequest, match="is not of this account, 123456789012"):
        handler({"model_package_arn": arn}, CONTEXT)
    assert account.endpoint is None


def test_a_package_that_nobody_approved(account: Account) -> None:
    account.versions = {1: "Approved", 2: "PendingManualApproval"}
    with pytest.raises(PackageNotApproved, match="/2 is PendingManualApproval; approve it"):
        deploy(2)
    assert account.endpoint is None


@pytest.mark.parametrize(
    ("containers", "words"),
    [
        ([], "it has no containers, and one is needed"),
        ([CONTAINER, CONTAINER], "it has 2 containers"),
        ([{"Image": "pytorch:1"}], r"it names no model archive \(ModelDataUrl\)"),
    ],
)
def test_a_version_that_no_endpoint_can_serve_is_refused_and_production_stays(
    account: Account, containers: list[dict[str, str]], words: str
) -> None:
    serve(account, 1)
    account.versions[2], account.containers[2] = "Approved", containers
    for request in (event_of(2, ["ModelApprovalStatus"]), {"model_package_arn": f"{ARN}/2"}, {"reconcile": {}}):
        with pytest.raises(PackageNotDeployable, match=f"/2 cannot be deployed: .*{words}.* Reject it"):
            handler(request, CONTEXT)
    assert account.serving() == 1
