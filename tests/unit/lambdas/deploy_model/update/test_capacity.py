"""No instances for a new version: that is told from a version that fails, nobody is accused, and it is tried again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ARN, ENVIRONMENT, SCALING, change, look, settle
from unit.lambdas.registry_in_memory import NOW
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.handler import handler
from lambdas.deploy_model.requests import Look
from lambdas.deploy_model.service import answer
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.update.capacity import PAUSE, is_lack_of_instances, tried_lately

LACK = (
    "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. "
    "Please retry using a different ML instance type or after some time."
)
QUOTA = (
    "ResourceLimitExceeded: The account-level service limit 'ml.m5.large for endpoint usage' is 2 Instances, with "
    "current utilization of 2 Instances and a request delta of 1 Instances."
)


@pytest.mark.parametrize("reason", [LACK, QUOTA, LACK.upper(), "CapacityError: Please retry"])
def test_these_are_words_for_a_lack_of_instances(reason: str) -> None:
    assert is_lack_of_instances(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "an alarm rang",
        "The primary container for production variant AllTraffic did not pass the ping health check.",
        "The model data archive is too large. Please reduce the size of the model data archive.",
        "Request to service failed. If failure persists after retry, contact customer support.",
    ],
)
def test_any_other_failure_may_be_the_versions(reason: str) -> None:
    assert not is_lack_of_instances(reason)


def test_it_is_too_early_for_half_an_hour() -> None:
    since = NOW.isoformat(timespec="seconds")
    assert tried_lately(since, NOW + PAUSE - timedelta(seconds=1))
    assert not tried_lately(since, NOW + PAUSE)
    for other in (None, "soon", "2026-01-02T03:04:05"):
        assert not tried_lately(other, NOW)


@pytest.fixture
def short(account: Account) -> Account:
    """An account that serves version 1, where there were no instances for version 2."""
    account.versions[1] = "Approved"
    settle(change(1), account.finish)
    account.versions[2] = "Approved"
    first = change(2)
    fail(account)
    answer = look(first["started"])
    assert (answer["state"], answer["started"]) == ("failed", first["started"])
    assert answer["reason"].endswith(f": {LACK}")
    return account


def fail(account: Account, reason: str = LACK) -> None:
    account.finish(failing=True, reason=reason)
    account.finish()


def lacking(account: Account) -> set[int]:
    return {account.version_of(name) for name, tags in account.tags.items() if "no-instances" in tags}


def test_the_version_is_not_marked_as_rolled_back_and_approvers_are_told(short: Account) -> None:
    assert (short.serving(), short.rolled_back(), lacking(short), short.alarms) == (1, set(), {2}, {})
    assert short.tags[ENVIRONMENT["ENDPOINT_NAME"]] == {}
    [told] = short.told
    assert told["TopicArn"] == ENVIRONMENT["TOPIC_ARN"]
    assert told["Subject"] == "test: no instances for model version 2"
    assert told["Message"] == (
        f"There were no instances for version 2: {LACK}.\n"
        "Version 1 serves. Version 2 is not to blame: each hour tries it again.\n"
        "You are not told again. docs/runbook.md, 'There are no instances', says what to do if it lasts.\n"
    )
    [name] = [name for name, tags in short.tags.items() if "no-instances" in tags]
    assert [key for key in short.objects if key.startswith("deployments/")] == [
        f"deployments/{name}-2026-01-02T030408%2B0000.json"  # as in a URL
    ]


def test_the_next_hour_tries_it_again_and_then_it_serves(short: Account) -> None:
    assert settle(look(), short.finish)["model_package_arn"] == f"{ARN}/2"
    assert (short.serving(), lacking(short), len(short.told)) == (2, set(), 1)


def test_hour_after_hour_people_are_not_told_again(short: Account) -> None:
    for _ in range(2):
        started = look()["started"]
        fail(short)
        assert look(started)["state"] == "failed"
    assert (short.serving(), lacking(short), len(short.told), short.calls.count("UpdateEndpoint")) == (1, {2}, 1, 3)


def test_within_half_an_hour_nobody_tries_it_again_but_others_are_deployed(short: Account) -> None:
    clients, configuration = Clients.connect(), Configuration.parse(ENVIRONMENT)
    soon = NOW + timedelta(minutes=1)
    found = answer(clients, configuration, Look(started=None), soon)
    assert (found.action, found.state) == ("ignored", "settled")
    [when] = [tags["no-instances"] for tags in short.tags.values() if "no-instances" in tags]
    assert when == (NOW + timedelta(seconds=short.ends)).isoformat(timespec="seconds")
    assert found.reason == f"there were no instances for version 2 at {when}; each hour tries it again"
    short.versions[3] = "Approved"
    assert answer(clients, configuration, Look(started=None), soon).model_package_arn == f"{ARN}/3"
    assert answer(clients, configuration, Look(started=None), soon).state == "changing"
    short.finish()
    short.versions |= {2: "Rejected", 3: "Rejected"}
    assert answer(clients, configuration, Look(started=None), soon).model_package_arn == f"{ARN}/1"


def test_the_execution_that_tried_it_fails_and_does_not_wait_for_the_next_hour(short: Account) -> None:
    [started] = [name for name, tags in short.tags.items() if "no-instances" in tags]
    found = answer(Clients.connect(), Configuration.parse(ENVIRONMENT), Look(started), NOW + timedelta(minutes=1))
    assert (found.action, found.state, found.started) == ("failed", "failed", started)


def test_meanwhile_the_version_that_serves_is_scaled(short: Account) -> None:
    scaling = {"SCALING": json.dumps(SCALING | {"enabled": True})}
    configuration = Configuration.parse(ENVIRONMENT | scaling)
    assert answer(Clients.connect(), configuration, Look(None), NOW + timedelta(minutes=1)).action == "ignored"
    assert short.limits == (2, 4)


def test_without_an_endpoint_it_is_tried_at_once(short: Account) -> None:
    short.endpoint = None
    found = answer(Clients.connect(), Configuration.parse(ENVIRONMENT), Look(started=None), NOW)
    assert (found.action, found.model_package_arn) == ("created", f"{ARN}/2")


def test_an_alarm_that_rings_is_the_versions_fault_whatever_else_is_said(short: Account) -> None:
    started = look()["started"]
    short.ringing = {f"{started}-errors"}
    fail(short)
    assert look(started)["state"] == "rolled_back"
    assert (short.rolled_back(), len(short.told)) == ({2}, 2)
    assert f"{started}-errors: Threshold Crossed; {LACK}" in short.told[1]["Message"]


def test_a_lack_that_somebody_else_has_seen_is_told_once(short: Account) -> None:
    started = look()["started"]
    fail(short)
    others: list[dict[str, Any]] = []
    short.before["AddTags"] = lambda: others.append(look(started))
    assert look(started)["state"] == others[0]["state"] == "failed"
    assert len(short.told) == 1


def test_a_configuration_that_was_deleted_is_not_remembered(short: Account) -> None:
    started = look()["started"]
    fail(short)
    short.versions[2] = "Rejected"
    short.lose(started)
    assert handler({"reconcile": {}}, CONTEXT)["state"] == "settled"
    assert short.endpoint == Endpoint("InService", short.endpoint.config if short.endpoint else "", failure=LACK)
