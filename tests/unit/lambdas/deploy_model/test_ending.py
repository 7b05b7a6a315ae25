"""The end of an update, whoever sees it: the execution that began it, another, several at once, or the next hour."""

import base64
import hashlib
import json
from typing import Any

import pytest
from unit.lambdas.deploy_model.executions import HOURLY, run_execution, updates
from unit.lambdas.deployment import ARN, BUCKET, ENVIRONMENT, change, event_of, look
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

PHOTO = {"photo": base64.b64encode(b"photo").decode(), "probabilities": [0.9, 0.1], "other": 0.0}
KEPT = json.dumps({"model_version": "job-2", "labels": ["bicycle", "motorcycle"], "photos": [PHOTO]}).encode()
REFUSED = "version 2 refused 1 of 1 questions, and answered none"
WAITING = {
    "action": "waiting",
    "state": "changing",
    "endpoint_name": ENVIRONMENT["ENDPOINT_NAME"],
    "endpoint_config_name": None,
    "model_package_arn": None,
    "started": None,
    "reason": "another execution deals with the end of the last update",
    "questions": "",
}


def test_a_rollback_whose_execution_is_gone_is_seen_by_the_next_hour(serving: Account) -> None:
    serving.versions[2] = "Approved"
    change(2)  # and nobody looks again
    serving.finish(failing=True)
    serving.finish()
    answer = run_execution(serving, HOURLY)
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
    assert others == [WAITING]
    assert look(others[0]["started"])["state"] == "settled"
    assert (serving.serving(), serving.rolled_back(), len(serving.told)) == (1, {2}, 1)


def test_a_version_that_answers_wrongly_is_taken_back_by_whoever_is_first(serving: Account) -> None:
    key = f"executions/2/evaluation/kept-photos-{hashlib.sha256(KEPT).hexdigest()}.json"
    serving.kept[2], serving.objects[key] = f"s3://{BUCKET}/{key}", KEPT
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish()
    serving.respond = lambda _: {}
    others: list[dict[str, Any]] = []
    serving.before["Publish"] = lambda: others.append(look(config))
    first = look(config)
    assert (first["action"], first["model_package_arn"], first["questions"]) == ("updated", f"{ARN}/1", REFUSED)
    assert others == [WAITING | {"started": config, "questions": REFUSED}]
    [told] = serving.told
    assert told["Message"].startswith(f"Version 2 was rolled back: {REFUSED}.\n")
    assert serving.rolled_back() == {2}


def test_a_configuration_that_is_deleted_when_it_has_come_into_service_need_not_forget(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish()
    serving.before["DeleteTags"] = lambda: serving.lose(config)
    assert look(config)["state"] == "settled"
    assert (serving.alarms, serving.tags[ENVIRONMENT["ENDPOINT_NAME"]]) == ({}, {})


def test_an_update_that_another_one_overtook_is_not_taken_for_a_rollback(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish()
    serving.versions[2] = "Rejected"
    run_execution(serving, event_of(2, ["ModelApprovalStatus"]))
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
    assert run_execution(serving, HOURLY)["state"] == "settled"
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


def test_a_configuration_that_was_deleted_needs_no_mark(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = change(2)["started"]
    serving.finish(failing=True)
    serving.finish()
    serving.versions[2] = "Rejected"
    serving.lose(config)
    assert look(config)["state"] == "settled"
    assert (len(serving.told), serving.serving()) == (1, 1)
