"""The endpoint's variant is registered with Application Auto Scaling as the settings say, and let go in time."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from unit.lambdas.deployment import ENVIRONMENT, SCALING, change, look
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.settings.hours import DAYS
from lambdas.deploy_model.settings.scaling import Scaling
from lambdas.shared.errors import ConfigurationError

NAME = ENVIRONMENT["ENDPOINT_NAME"]
TRACKING = {
    "TargetValue": 600.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
}
CHANGES = {"RegisterScalableTarget", "PutScalingPolicy", "DeregisterScalableTarget"}


@pytest.fixture
def scaled(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`scaled(max_instances=8)`: the settings from now on; None switches the scaling off."""

    def configure(**settings: Any) -> None:
        monkeypatch.setenv("SCALING", json.dumps({**SCALING, "enabled": True, **settings}))

    configure()
    return configure


def serve(account: Account, version: int = 1) -> None:
    """A version in service, and seen so."""
    account.versions[version] = "Approved"
    change(version)
    account.finish()
    assert look()["state"] == "settled"
    assert account.serving() == version


def calls(account: Account, since: int) -> list[str]:
    return [each for each in account.calls[since:] if "Scal" in each]


def test_an_endpoint_in_service_is_registered_once(account: Account, scaled: Any) -> None:
    account.versions[1] = "Approved"
    change(1)
    look()
    assert calls(account, 0) == []  # not while it is being made
    account.finish()
    assert look()["state"] == "settled"
    assert (account.limits, account.tracking) == ((2, 4), TRACKING)
    assert account.tags[NAME]["scaled"] == "true"
    before = len(account.calls)
    look()
    assert not CHANGES & set(account.calls[before:])
    assert account.calls[before:].count("AddTags") == 0


def test_without_the_setting_application_auto_scaling_is_never_asked(account: Account) -> None:
    serve(account)
    serve(account, 2)
    assert calls(account, 0) == []
    assert account.retained == [{}]


def test_other_settings_take_effect_with_the_next_look(account: Account, scaled: Any) -> None:
    serve(account)
    scaled(max_instances=8, invocations_per_instance=60)
    look()
    assert account.limits == (2, 8)
    assert account.tracking == TRACKING | {"TargetValue": 60.0}


def test_what_somebody_has_removed_comes_back(account: Account, scaled: Any) -> None:
    serve(account)
    account.limits = account.tracking = None
    look()
    assert (account.limits, account.tracking) == ((2, 4), TRACKING)


@pytest.mark.parametrize("status", [None, "OutOfService"])
def test_what_is_not_in_service_is_not_registered(account: Account, scaled: Any, status: str | None) -> None:
    account.endpoint = Endpoint(status, "config") if status else None
    assert look()["reason"] == "no version is approved"
    assert calls(account, 0) == []


@pytest.mark.parametrize("instances", [2, 4])
def test_a_new_version_has_as_many_instances_as_the_old_one(account: Account, scaled: Any, instances: int) -> None:
    serve(account)
    assert account.endpoint
    account.endpoint.instances = instances
    account.versions[2] = "Approved"
    before = len(account.calls)
    change(2)
    assert calls(account, before) == []  # it stays registered
    account.finish()
    assert (account.serving(), account.endpoint.instances) == (2, instances)
    excluded = [{"VariantPropertyType": "DesiredWeight"}, {"VariantPropertyType": "DataCaptureConfig"}]
    assert account.retained == [{"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": excluded}]


@pytest.mark.parametrize("instances", [1, 5])
def test_a_number_outside_of_the_limits_is_not_kept(account: Account, scaled: Any, instances: int) -> None:
    serve(account)
    assert account.endpoint
    account.endpoint.instances = instances
    account.versions[2] = "Approved"
    change(2)
    assert account.retained == [{}]


def test_another_instance_type_ends_the_scaling_until_it_serves(
    account: Account, scaled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(account)
    monkeypatch.setenv("INSTANCE_TYPE", "ml.m5.xlarge")
    assert look()["action"] == "updated"
    assert account.limits is None
    account.finish()
    look()
    assert account.limits == (2, 4)


def test_a_rolled_back_version_leaves_the_old_one_scaled(
    account: Account, scaled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(account)
    monkeypatch.setenv("INSTANCE_TYPE", "ml.m5.xlarge")
    started = look()["started"]
    account.finish(failing=True)
    account.finish()
    assert look(started)["state"] == "rolled_back"
    assert account.limits == (2, 4)


def test_switched_off_the_endpoint_has_its_own_number_again(account: Account, scaled: Any) -> None:
    serve(account)
    assert account.endpoint
    account.endpoint.instances = 4
    scaled(enabled=False)
    look()
    assert account.limits is None
    assert (account.endpoint.status, account.endpoint.instances) == ("Updating", 2)
    assert "scaled" not in account.tags[NAME]
    account.finish()
    before = len(account.calls)
    look()
    assert calls(account, before) == []


def test_switched_off_while_the_endpoint_is_being_scaled_it_is_tried_again(account: Account, scaled: Any) -> None:
    serve(account)
    assert account.endpoint
    account.endpoint.instances = 4
    scaled(enabled=False)
    config = account.endpoint.config
    account.before["UpdateEndpointWeightsAndCapacities"] = lambda: setattr(
        account, "endpoint", Endpoint("Updating", config, instances=3)
    )
    assert look()["state"] == "settled"
    assert account.tags[NAME]["scaled"] == "true"
    account.finish()
    look()
    assert account.endpoint.instances == 2
    assert "scaled" not in account.tags[NAME]


def test_the_scaling_ends_before_the_endpoint(account: Account, scaled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(account)
    monkeypatch.setenv("HOURS", f"{DAYS[(datetime.now(UTC).weekday() + 2) % 7]} 0-1")
    assert look()["action"] == "deleted"
    assert account.limits is None


def test_a_failed_endpoint_is_let_go_too(account: Account, scaled: Any) -> None:
    serve(account)
    assert account.endpoint
    account.endpoint = Endpoint("Failed", account.endpoint.config)
    assert look()["action"] == "deleted"
    account.finish()
    look()
    account.finish()
    look()
    assert account.limits == (2, 4)


def test_an_endpoint_that_no_version_may_serve_is_scaled_all_the_same(account: Account, scaled: Any) -> None:
    serve(account)
    account.versions[1] = "Rejected"
    account.limits = None
    assert look()["reason"] == "no version is approved"
    assert account.limits == (2, 4)


@pytest.mark.parametrize("call", ["AddTags", "RegisterScalableTarget", "PutScalingPolicy"])
def test_whoever_is_cut_off_leaves_nothing_of_which_nobody_knows(account: Account, scaled: Any, call: str) -> None:
    account.versions[1] = "Approved"
    change(1)
    account.finish()
    account.before[call] = cut_off
    with pytest.raises(InterruptedError):
        look()
    if account.limits:
        assert account.tags[NAME]["scaled"] == "true"
    look()
    assert (account.limits, account.tracking) == ((2, 4), TRACKING)


def cut_off() -> None:
    raise InterruptedError


@pytest.mark.parametrize("text", ["", "[]", '{"enabled": true}', "{"])
def test_wrong_settings_are_named(text: str) -> None:
    with pytest.raises(ConfigurationError, match="SCALING"):
        Configuration.parse(ENVIRONMENT | {"SCALING": text})
    assert isinstance(Configuration.parse(ENVIRONMENT).scaling, Scaling)
