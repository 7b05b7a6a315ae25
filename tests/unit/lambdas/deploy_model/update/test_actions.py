"""`deploy_model` against an account in which somebody else is quicker, or in which SageMaker refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from unit.lambdas.deployment import ARN, ENVIRONMENT, GROUP, change, deploy, look
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.plan import Change
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state.registry import Package
from lambdas.deploy_model.update import actions
from lambdas.deploy_model.update.definition import Definition, define
from lambdas.shared.clients import client
from lambdas.shared.errors import EndpointBusy

NAME = "scones-test-vehicles"


def serve(account: Account, version: int) -> str:
    """Has a version approved and brings it into service; returns its configuration."""
    account.versions[version] = "Approved"
    change(version)
    account.finish()
    assert account.serving() == version
    assert account.endpoint
    return account.endpoint.config


def somebody(account: Account, status: str) -> Callable[[], None]:
    """Somebody else begins to change the endpoint."""

    def act() -> None:
        config = account.endpoint.config if account.endpoint else "theirs"
        account.endpoint = Endpoint(status, config, "theirs" if status == "Updating" else None)

    return act


def test_two_creations_at_once(account: Account) -> None:
    account.versions[1] = "Approved"
    account.before["CreateEndpoint"] = somebody(account, "Creating")
    assert (change(1)["action"], look()["action"]) == ("waiting", "waiting")


def test_two_updates_at_once(account: Account) -> None:
    serve(account, 1)
    account.versions[2] = "Approved"
    account.before["UpdateEndpoint"] = somebody(account, "Updating")
    answer = change(2)
    assert (answer["action"], answer["state"], answer["started"]) == ("waiting", "changing", None)


def test_an_endpoint_that_was_deleted_before_the_update(account: Account) -> None:
    serve(account, 1)
    account.versions[2] = "Approved"
    account.before["UpdateEndpoint"] = lambda: setattr(account, "endpoint", None)
    assert change(2)["state"] == "changing"
    assert look()["action"] == "created"


def test_a_failed_endpoint_is_deleted_and_then_made_anew(account: Account) -> None:
    config = serve(account, 1)
    account.versions[2] = "Approved"
    account.endpoint = Endpoint("Failed", config)
    assert change(2)["action"] == "deleted"
    assert look()["action"] == "waiting"
    account.finish()
    assert look()["action"] == "created"


@pytest.mark.parametrize("status", [None, "Updating"])
def test_a_failed_endpoint_that_somebody_else_deleted_or_changes(account: Account, status: str | None) -> None:
    config = serve(account, 1)
    account.endpoint = Endpoint("Failed", config)
    account.before["DeleteEndpoint"] = (
        somebody(account, status) if status else lambda: setattr(account, "endpoint", None)
    )
    assert look()["state"] == "changing"


def test_a_model_that_exists_already_is_used(account: Account) -> None:
    first = serve(account, 1)
    serve(account, 2)
    account.versions[2] = "Rejected"
    change(2)
    account.finish()
    assert account.endpoint == Endpoint("InService", first)


def test_other_refusals_are_not_hidden(artefacts: Any) -> None:
    with Stubber(client("sagemaker")) as stubber:
        stubber.add_client_error("create_endpoint", "ResourceLimitExceeded", "no ml.m5.large left", 400)
        with pytest.raises(ClientError, match=r"no ml\.m5\.large left"):
            actions.create(client("sagemaker"), NAME, Definition({}, {"EndpointConfigName": "config"}))


def test_a_refused_model_is_not_hidden(artefacts: Any) -> None:
    package = Package(f"{ARN}/7", GROUP, 7, "Approved", "2026-01-02T03:04:05+00:00")
    definition = define(package, Configuration.parse(ENVIRONMENT))
    with Stubber(client("sagemaker")) as stubber:
        stubber.add_client_error("create_model", "ValidationException", "Could not access model data", 400)
        with pytest.raises(ClientError, match="Could not access model data"):
            actions.prepare(client("sagemaker"), definition)


@pytest.mark.parametrize("change", ["create", "update", "delete"])
def test_a_busy_endpoint_is_named(account: Account, change: Change) -> None:
    serve(account, 1)
    account.before["UpdateEndpoint"] = account.before["DeleteEndpoint"] = somebody(account, "Updating")
    definition = Definition({}, {"EndpointConfigName": "config"})
    with pytest.raises(EndpointBusy, match=f"the endpoint '{NAME}' is being changed: "):
        actions.apply(Clients.connect(), Configuration.parse(ENVIRONMENT), change, definition, None)


def test_without_tags_none_are_sent_not_even_an_empty_list() -> None:
    assert actions.labels(Definition({}, {})) == {}


def test_what_is_made_has_tags_which_are_no_part_of_its_name(artefacts: Any) -> None:
    package = Package(f"{ARN}/7", GROUP, 7, "Approved", "2026-01-02T03:04:05+00:00")
    definition = define(package, Configuration.parse(ENVIRONMENT | {"TAGS": "project=scones,environment=prod"}))
    assert definition.endpoint_config_name == define(package, Configuration.parse(ENVIRONMENT)).endpoint_config_name
    tags = [{"Key": "project", "Value": "scones"}, {"Key": "environment", "Value": "prod"}]
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:model/any"
    with Stubber(client("sagemaker")) as stubber:
        stubber.add_response("create_model", {"ModelArn": arn}, definition.model | {"Tags": tags})
        config = definition.endpoint_config | {"Tags": tags}
        stubber.add_response("create_endpoint_config", {"EndpointConfigArn": arn}, config)
        actions.prepare(client("sagemaker"), definition)
        expected = {"EndpointName": NAME, "EndpointConfigName": definition.endpoint_config_name, "Tags": tags}
        stubber.add_response("create_endpoint", {"EndpointArn": arn}, expected)
        actions.create(client("sagemaker"), NAME, definition)


def test_a_request_for_a_package_is_followed_up_by_the_state_machine(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-test-deploy"
    monkeypatch.setenv("STATE_MACHINE_ARN", arn)
    account.versions[1] = "Approved"
    with Stubber(client("stepfunctions")) as stubber:
        stubber.add_response("start_execution", {"executionArn": f"{arn}:1", "startDate": 0})
        answer = deploy(1)
        stubber.assert_no_pending_responses()
    assert answer["action"] == "created"
    account.finish()
    assert deploy(1)["state"] == "settled"  # and nobody has to follow that
