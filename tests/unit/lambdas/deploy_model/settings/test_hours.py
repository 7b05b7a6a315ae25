"""The hours of the endpoint: it is deleted outside of them, and made again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from unit.lambdas.deployment import ARN, ENVIRONMENT
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.requests import Deploy, Look, Request
from lambdas.deploy_model.service import answer
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.settings.hours import Hours
from lambdas.shared.errors import ConfigurationError
from pipelines.settings.schedules import check_schedule

WORKING = ENVIRONMENT | {"HOURS": "MON-FRI 6-19"}
DAY, EVENING = datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 19, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("text", "day", "hour", "expected"),
    [
        ("MON-FRI 6-19", 9, 6, True),
        ("MON-FRI 6-19", 9, 5, False),
        ("MON-FRI 6-19", 9, 18, True),
        ("MON-FRI 6-19", 9, 19, False),
        ("MON-FRI 6-19", 14, 12, False),
        ("SUN 0-23", 15, 0, True),
        ("SUN 0-23", 9, 0, False),
        ("SAT-MON 8-9", 9, 8, True),
        ("SAT-MON 8-9", 10, 8, False),
        ("always", 15, 23, True),
    ],
)
def test_when_there_is_an_endpoint(text: str, day: int, hour: int, expected: bool) -> None:
    assert Hours.parse(text).has(datetime(2026, 3, day, hour, 59, tzinfo=UTC)) is expected


@pytest.mark.parametrize("text", ["", "MON-FRI", "6-19", "MON-FRI 19-6", "MON 6-6", "mon 6-19", "MON 6-24", "DAY 1-2"])
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"such as 'MON-FRI 6-19' .*, got '{text}'"):
        Hours.parse(text)
    with pytest.raises(ConfigurationError, match=r"HOURS is (wrong|missing)"):
        Configuration.parse(ENVIRONMENT | {"HOURS": text})


@pytest.mark.parametrize(
    ("text", "schedule", "share"),
    [
        ("MON-FRI 6-19", "cron(0 6,19 ? * MON,TUE,WED,THU,FRI *)", 65 / 168),
        ("SAT-MON 8-9", "cron(0 8,9 ? * MON,SAT,SUN *)", 3 / 168),
        ("always", "cron(0 0,0 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)", 1),
    ],
)
def test_when_they_begin_and_end(text: str, schedule: str, share: float) -> None:
    hours = Hours.parse(text)
    assert (check_schedule(hours.schedule), hours.share) == (schedule, pytest.approx(share))
    assert hours.text == text


def at(moment: datetime, request: Request = Look(None)) -> dict[str, Any]:  # noqa: B008
    return answer(Clients.connect(), Configuration.parse(WORKING), request, moment).as_event()


def test_in_the_evening_it_goes_and_in_the_morning_it_comes_back(serving: Account) -> None:
    assert serving.endpoint
    configs, served = serving.configs(), serving.endpoint.config
    told = {
        "endpoint_name": ENVIRONMENT["ENDPOINT_NAME"],
        "endpoint_config_name": served,
        "model_package_arn": None,
        "started": None,
        "reason": "there is no endpoint outside of its hours, MON-FRI 6-19",
        "questions": "",
    }
    assert at(EVENING) == told | {"action": "deleted", "state": "changing"}
    assert at(EVENING) == told | {"action": "waiting", "state": "changing"}
    serving.finish()
    assert at(EVENING) == told | {"action": "unchanged", "state": "settled", "endpoint_config_name": None}
    assert serving.endpoint is None
    assert at(DAY)["action"] == "created"
    serving.finish()
    assert (serving.serving(), serving.configs()) == (1, configs)


def test_an_approval_in_the_evening_waits_for_the_morning(serving: Account) -> None:
    at(EVENING)
    serving.finish()
    serving.versions[2] = "Approved"
    assert at(EVENING, Deploy(f"{ARN}/2"))["state"] == "settled"
    assert at(DAY)["model_package_arn"] == f"{ARN}/2"


@pytest.mark.parametrize("status", ["Failed", "OutOfService", "UpdateRollbackFailed"])
def test_an_endpoint_in_trouble_goes_too(serving: Account, status: str) -> None:
    serving.endpoint = Endpoint(status, "config")
    assert at(EVENING)["action"] == "deleted"


def test_a_deployment_that_runs_late_ends_first(serving: Account) -> None:
    serving.versions[2] = "Approved"
    config = at(DAY)["started"]
    assert at(EVENING, Look(config))["action"] == "waiting"
    serving.finish(failing=True)
    serving.finish()
    assert at(EVENING, Look(config))["state"] == "rolled_back"
    assert serving.rolled_back() == {2}
    assert at(EVENING)["action"] == "deleted"


def test_somebody_else_is_quicker(serving: Account) -> None:
    serving.before["DeleteEndpoint"] = lambda: setattr(serving, "endpoint", None)
    assert at(EVENING)["action"] == "waiting"
