"""A version that SageMaker takes back: it is marked, approvers are told, and it is left alone."""

import json
import re
from typing import Any

import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ARN, ENVIRONMENT, change, deploy, event_of, look, settle
from unit.lambdas.registry_in_memory import NOW
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.handler import handler
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.update import rollback
from lambdas.deploy_model.update.notices import LONGEST_CALL, Notice, subject_of, tell_once

HOURLY = {"reconcile": {}}


def run(account: Account, event: dict[str, Any], *, failing: bool = False) -> dict[str, Any]:
    """An execution of the state machine."""
    return settle(handler(event, CONTEXT), lambda: account.finish(failing=failing))


def approve(account: Account, version: int, *, failing: bool = False) -> dict[str, Any]:
    account.versions[version] = "Approved"
    return run(account, event_of(version, ["ModelApprovalStatus"]), failing=failing)


@pytest.fixture
def serving(account: Account) -> Account:
    """An account whose endpoint serves version 1."""
    assert approve(account, 1)["state"] == "settled"
    return account


def updates(account: Account) -> int:
    return account.calls.count("UpdateEndpoint")


def test_an_update_is_watched_by_alarms_on_the_new_configuration_alone(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    assert set(serving.alarms) == {f"{config}-errors", f"{config}-latency", f"{config}-answers"}
    for alarm in serving.alarms.values():
        dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        name = ENVIRONMENT["ENDPOINT_NAME"]
        assert dimensions == {"EndpointName": name, "VariantName": "AllTraffic", "EndpointConfigName": config}
    [policy] = serving.policies
    alarms = policy["AutoRollbackConfiguration"]["Alarms"]
    assert {each["AlarmName"] for each in alarms} == set(serving.alarms)
    serving.finish()
    assert look(config)["state"] == "settled"
    assert serving.alarms == {}
    assert serving.tags[ENVIRONMENT["ENDPOINT_NAME"]] == {}


def test_a_rolled_back_version_is_marked_and_told_and_its_execution_fails(serving: Account) -> None:
    assert serving.endpoint
    before = serving.endpoint.config
    answer = approve(serving, 2, failing=True)
    [config] = [name for name, tags in serving.tags.items() if "rolled-back" in tags]
    assert answer == {
        "action": "failed",
        "state": "rolled_back",
        "endpoint_name": ENVIRONMENT["ENDPOINT_NAME"],
        "endpoint_config_name": before,
        "model_package_arn": None,
        "started": config,
        "reason": "version 2 was rolled back; approvers have been told why",
        "questions": "",
    }
    assert (serving.serving(), serving.rolled_back(), serving.alarms) == (1, {2}, {})
    [told] = serving.told
    assert told["TopicArn"] == ENVIRONMENT["TOPIC_ARN"]
    assert told["Subject"] == "test: model version 2 was rolled back"
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/{config}"
    assert told["Message"] == (
        "Version 2 was rolled back: an alarm rang.\n"
        "Version 1 serves. Version 2 is not tried again by itself.\n"
        "If the version is to blame, reject it, or approve a better one:\n"
        "  scones --env test registry reject 2 --reason …\n"
        "If it is not, have it tried again within the hour:\n"
        f"  aws sagemaker delete-tags --resource-arn {arn} --tag-keys rolled-back\n"
        "docs/runbook.md, 'A version was rolled back', says how to find out.\n"
    )


def test_people_read_which_alarms_ring(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.ringing = {f"{config}-errors"}
    serving.finish(failing=True)
    serving.finish()
    look(config)
    assert f"{config}-errors: Threshold Crossed; an alarm rang" in serving.told[0]["Message"]


def test_hour_after_hour_it_is_left_alone(serving: Account) -> None:
    approve(serving, 2, failing=True)
    tried = updates(serving)
    for _ in range(3):
        answer = run(serving, HOURLY)
        assert (answer["state"], answer["model_package_arn"]) == ("settled", f"{ARN}/1")
        assert "version 2 was rolled back; remove the tag" in answer["reason"]
    for event in (event_of(2, ["ModelApprovalStatus"]), {"model_package_arn": f"{ARN}/2"}):
        assert run(serving, event)["state"] == "settled"
    assert (updates(serving), len(serving.told), serving.serving()) == (tried, 1, 1)


def test_the_best_of_the_others_serves(serving: Account) -> None:
    """Version 2 is approved before 3 is rolled back, and has never served."""
    serving.versions |= {2: "Approved", 3: "Approved"}
    assert run(serving, event_of(3, None), failing=True)["state"] == "rolled_back"
    assert run(serving, HOURLY)["model_package_arn"] == f"{ARN}/2"
    assert serving.serving() == 2


def test_a_better_version_serves_and_the_mark_stays(serving: Account) -> None:
    approve(serving, 2, failing=True)
    assert approve(serving, 3)["state"] == "settled"
    assert (serving.serving(), serving.rolled_back()) == (3, {2})
    serving.versions[3] = "Rejected"
    run(serving, event_of(3, ["ModelApprovalStatus"]))
    assert serving.serving() == 1


def test_once_the_tag_is_removed_it_is_tried_again(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.forgive(2)
    assert run(serving, HOURLY)["state"] == "settled"
    assert (serving.serving(), len(serving.told)) == (2, 1)


def test_once_the_tag_is_removed_it_may_fail_again(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.forgive(2)
    assert run(serving, HOURLY, failing=True)["state"] == "rolled_back"
    assert (serving.serving(), serving.rolled_back(), len(serving.told)) == (1, {2}, 2)


def test_a_rollback_whose_execution_is_gone_is_seen_by_the_next_hour(serving: Account) -> None:
    serving.versions[2] = "Approved"
    change(2)  # and nobody looks again
    serving.finish(failing=True)
    serving.finish()
    answer = run(serving, HOURLY)
    assert (answer["state"], answer["model_package_arn"]) == ("settled", f"{ARN}/1")
    assert (serving.rolled_back(), len(serving.told), updates(serving)) == ({2}, 1, 1)


def test_a_newer_approval_that_sees_the_rollback_goes_on(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.versions[3] = "Approved"
    waiting = change(3)
    assert waiting["action"] == "waiting"
    serving.finish(failing=True)
    serving.finish()
    newer = look(waiting["started"])
    assert (newer["action"], newer["model_package_arn"]) == ("updated", f"{ARN}/3")
    assert serving.rolled_back() == {2}
    assert look(config)["action"] == "waiting"
    serving.finish()
    assert (look(config)["state"], look(newer["started"])["state"]) == ("rolled_back", "settled")
    assert len(serving.told) == 1


def test_two_executions_that_see_it_at_once_agree(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish(failing=True)
    serving.finish()
    others: list[dict[str, Any]] = []
    serving.before["Publish"] = lambda: others.append(look())
    assert look(config)["state"] == "rolled_back"
    assert (others[0]["action"], others[0]["state"]) == ("waiting", "changing")
    assert look(others[0]["started"])["state"] == "settled"
    assert (serving.serving(), serving.rolled_back(), len(serving.told)) == (1, {2}, 1)


def test_of_two_that_begin_to_tell_one_does(serving: Account) -> None:
    aws, configuration = Clients.connect(), Configuration.parse(ENVIRONMENT)
    notice, others = Notice("of-both", "line", "message"), list[bool]()
    waiting = [lambda: others.append(tell_once(aws, configuration, notice, NOW))]

    def between_reading_and_writing(**_: Any) -> None:
        if waiting:
            waiting.pop()()

    events = aws.s3.meta.events
    events.register("before-call.s3.PutObject", between_reading_and_writing)
    try:
        assert not tell_once(aws, configuration, notice, NOW)
    finally:
        events.unregister("before-call.s3.PutObject", between_reading_and_writing)
    assert (others, len(serving.told)) == ([True], 1)


def test_what_a_call_that_was_cut_off_has_not_told_is_told_later(serving: Account) -> None:
    aws, configuration = Clients.connect(), Configuration.parse(ENVIRONMENT)
    notice, key = Notice("of-one", "line", "message"), "deployments/of-one.json"
    serving.objects[key] = json.dumps({"told": False, "since": NOW.isoformat()}).encode()
    assert not tell_once(aws, configuration, notice, NOW + LONGEST_CALL / 2)
    assert serving.told == []
    assert tell_once(aws, configuration, notice, NOW + LONGEST_CALL)
    assert tell_once(aws, configuration, notice, NOW + LONGEST_CALL)
    assert (len(serving.told), json.loads(serving.objects[key])["told"]) == (1, True)


def test_an_update_that_another_one_overtook_is_not_taken_for_a_rollback(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish()
    serving.versions[2] = "Rejected"
    run(serving, event_of(2, ["ModelApprovalStatus"]))
    assert serving.serving() == 1
    assert look(config)["state"] == "settled"
    assert (serving.rolled_back(), serving.told) == (set(), [])


def test_an_update_that_begins_between_two_calls_is_not_taken_for_a_rollback(serving: Account) -> None:
    serving.versions[2] = "Approved"
    serving.before["DescribeEndpoint"] = lambda: change(2)
    assert look()["action"] == "waiting"
    assert serving.told == []


def test_a_version_that_somebody_brings_back_by_hand_is_rolled_back_too(serving: Account) -> None:
    assert serving.endpoint
    before = serving.endpoint.config
    serving.versions[2] = "Approved"
    change(2)
    serving.endpoint = Endpoint("InService", before)
    assert run(serving, HOURLY)["state"] == "settled"
    assert (serving.serving(), serving.rolled_back()) == (1, {2})


@pytest.mark.parametrize("call", ["Publish", "DeleteAlarms", "DeleteTags"])
def test_a_function_that_is_cut_off_goes_on_at_the_next_look(serving: Account, call: str) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish(failing=True)
    serving.finish()

    def fail() -> None:
        raise ConnectionError

    serving.before[call] = fail
    with pytest.raises(ConnectionError):
        look(config)
    assert look(config)["state"] == "rolled_back"
    assert (serving.rolled_back(), len(serving.told), serving.alarms) == ({2}, 1, {})


def test_alarms_that_are_there_already_are_used(serving: Account) -> None:
    serving.versions[2] = "Approved"
    serving.before["UpdateEndpoint"] = lambda: setattr(serving, "endpoint", Endpoint("SystemUpdating", "theirs"))
    first = change(2)
    assert (first["action"], len(serving.alarms)) == ("waiting", 3)
    serving.endpoint = Endpoint("InService", next(name for name in serving.configs() if "-v1-" in name))
    assert run(serving, HOURLY)["model_package_arn"] == f"{ARN}/2"
    assert (serving.serving(), serving.alarms) == (2, {})


def test_a_configuration_that_was_deleted_needs_no_mark(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish(failing=True)
    serving.finish()
    serving.versions[2] = "Rejected"
    serving.lose(config)
    assert look(config)["state"] == "settled"
    assert (len(serving.told), serving.serving()) == (1, 1)


def test_with_nothing_but_rolled_back_versions_what_serves_stays(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.versions[1] = "Rejected"
    answer = run(serving, event_of(1, ["ModelApprovalStatus"]))
    assert (answer["action"], answer["reason"]) == ("ignored", "every approved version was rolled back")
    assert serving.serving() == 1


def test_the_pipeline_is_told_why_its_version_does_not_serve(serving: Account) -> None:
    approve(serving, 2, failing=True)
    answer = deploy(2)
    assert (answer["action"], answer["model_package_arn"]) == ("unchanged", f"{ARN}/1")
    assert "version 2 was rolled back" in answer["reason"]


def test_other_settings_are_another_deployment(serving: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(serving, 2, failing=True)
    monkeypatch.setenv("INSTANCE_TYPE", "ml.m5.xlarge")
    assert run(serving, HOURLY)["state"] == "settled"
    assert serving.serving() == 2


def test_a_configuration_of_somebody_else_is_called_by_its_name() -> None:
    assert rollback.version_of("vehicles-v12-0a1b2c3d") == "12"
    assert rollback.version_of("made-by-hand") == "made-by-hand"
    assert re.fullmatch(r"[ -~]{1,100}", subject_of("model version 1 was rolled back", "é" * 200))
