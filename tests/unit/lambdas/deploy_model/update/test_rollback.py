"""A version that SageMaker takes back: it is marked, approvers are told, and it is left alone."""

import pytest
from unit.lambdas.deploy_model.executions import HOURLY, approve, run_execution, updates
from unit.lambdas.deployment import ARN, ENVIRONMENT, change, deploy, event_of, look
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.update import rollback


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
    assert [key for key in serving.objects if key.startswith("deployments/")] == [
        f"deployments/{config}-2026-01-02T030408%2B0000.json"  # as in a URL
    ]


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
        answer = run_execution(serving, HOURLY)
        assert (answer["state"], answer["model_package_arn"]) == ("settled", f"{ARN}/1")
        assert "version 2 was rolled back; remove the tag" in answer["reason"]
    for event in (event_of(2, ["ModelApprovalStatus"]), {"model_package_arn": f"{ARN}/2"}):
        assert run_execution(serving, event)["state"] == "settled"
    assert (updates(serving), len(serving.told), serving.serving()) == (tried, 1, 1)


def test_the_best_of_the_others_serves(serving: Account) -> None:
    """Version 2 is approved before 3 is rolled back, and has never served."""
    serving.versions |= {2: "Approved", 3: "Approved"}
    assert run_execution(serving, event_of(3, None), failing=True)["state"] == "rolled_back"
    assert run_execution(serving, HOURLY)["model_package_arn"] == f"{ARN}/2"
    assert serving.serving() == 2


def test_a_better_version_serves_and_the_mark_stays(serving: Account) -> None:
    approve(serving, 2, failing=True)
    assert approve(serving, 3)["state"] == "settled"
    assert (serving.serving(), serving.rolled_back()) == (3, {2})
    serving.versions[3] = "Rejected"
    run_execution(serving, event_of(3, ["ModelApprovalStatus"]))
    assert serving.serving() == 1


def test_once_the_tag_is_removed_it_is_tried_again(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.forgive(2)
    assert run_execution(serving, HOURLY)["state"] == "settled"
    assert (serving.serving(), len(serving.told)) == (2, 1)


def test_once_the_tag_is_removed_it_may_fail_again(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.forgive(2)
    assert run_execution(serving, HOURLY, failing=True)["state"] == "rolled_back"
    assert (serving.serving(), serving.rolled_back(), len(serving.told)) == (1, {2}, 2)


def test_alarms_that_are_there_already_are_used(serving: Account) -> None:
    serving.versions[2] = "Approved"
    serving.before["UpdateEndpoint"] = lambda: setattr(serving, "endpoint", Endpoint("SystemUpdating", "theirs"))
    first = change(2)
    assert (first["action"], len(serving.alarms)) == ("waiting", 3)
    serving.endpoint = Endpoint("InService", next(name for name in serving.configs() if "-v1-" in name))
    assert run_execution(serving, HOURLY)["model_package_arn"] == f"{ARN}/2"
    assert (serving.serving(), serving.alarms) == (2, {})


def test_with_nothing_but_rolled_back_versions_what_serves_stays(serving: Account) -> None:
    approve(serving, 2, failing=True)
    serving.versions[1] = "Rejected"
    answer = run_execution(serving, event_of(1, ["ModelApprovalStatus"]))
    assert (answer["action"], answer["reason"]) == ("ignored", "every approved version was rolled back")
    assert serving.serving() == 1


def test_the_pipeline_is_told_why_its_version_does_not_serve(serving: Account) -> None:
    approve(serving, 2, failing=True)
    answer = deploy(2)
    assert (answer["action"], answer["model_package_arn"]) == ("unchanged", f"{ARN}/1")
    assert "version 2 was rolled back" in answer["reason"]


def test_people_read_which_versions_were_rolled_back(serving: Account) -> None:
    approve(serving, 2, failing=True)
    approve(serving, 3, failing=True)
    assert run_execution(serving, HOURLY)["reason"].startswith("version 3, 2 was rolled back; remove the tag ")


def test_other_settings_are_another_deployment(serving: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(serving, 2, failing=True)
    monkeypatch.setenv("INSTANCE_TYPE", "ml.m5.xlarge")
    assert run_execution(serving, HOURLY)["state"] == "settled"
    assert serving.serving() == 2


def test_a_configuration_of_somebody_else_is_called_by_its_name() -> None:
    assert rollback.version_of("vehicles-v12-0a1b2c3d") == "12"
    assert rollback.version_of("made-by-hand") == "made-by-hand"
