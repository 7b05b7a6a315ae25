"""Old configurations and models go; what may still be needed, and what others own, stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ENVIRONMENT, change, event_of, settle
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model import tidying
from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.handler import handler
from lambdas.deploy_model.settings.configuration import Configuration

STEM = "scones-test-vehicles-v"
TODAY = datetime.fromisoformat("2026-01-03T00:00:00+00:00")  # a day after the account made its first


def old(number: int) -> str:
    """The name of a configuration of long ago."""
    return f"{STEM}{number}-0000000{number}"


@pytest.fixture
def served(account: Account) -> Account:
    """An account that serves a version, with configurations that are 31, 32, 33, … days old, the newest first."""
    account.versions[1] = "Approved"
    settle(change(1), account.finish)
    for number in range(1, 5):
        account.make(old(number), TODAY - timedelta(days=30 + number))
    return account


def tidy(account: Account, now: datetime = TODAY) -> dict[str, list[str]]:
    return tidying.tidy_up(Clients.connect(), Configuration.parse(ENVIRONMENT), now)


def test_all_but_the_one_that_serves_and_the_one_before_go_with_their_models(served: Account) -> None:
    assert served.endpoint
    serving = served.endpoint.config
    served.alarms[f"{old(3)}-errors"] = {}
    assert tidy(served) == {
        "endpoint_configs": [old(2), old(3), old(4)],
        "models": [old(2), old(3), old(4)],
    }
    assert served.configs() == {serving, old(1)}
    assert served.alarms == {}
    assert tidy(served) == {"endpoint_configs": [], "models": []}


def test_what_is_not_a_month_old_stays(served: Account) -> None:
    assert tidy(served, TODAY - timedelta(days=10)) == {"endpoint_configs": [], "models": []}
    assert tidy(served, TODAY - timedelta(days=1, hours=-1))["endpoint_configs"] == [old(2), old(3), old(4)]
    assert tidy(served, TODAY - timedelta(days=20)) == {"endpoint_configs": [], "models": []}


def test_a_rolled_back_one_keeps_its_mark_and_is_not_the_one_before(served: Account) -> None:
    served.tags[old(1)] = {"rolled-back": "2026-04-01"}
    assert tidy(served)["endpoint_configs"] == [old(3), old(4)]
    assert old(1) in served.configs()


def test_what_the_endpoint_is_being_brought_to_stays(served: Account) -> None:
    served.endpoint = Endpoint("Updating", old(2), target=old(3))
    assert set(tidy(served)["endpoint_configs"]) == {old(1), old(4)}


def test_a_configuration_that_comes_into_use_meanwhile_stays(served: Account) -> None:
    assert served.endpoint
    serving = served.endpoint.config

    def begin() -> None:
        served.endpoint = Endpoint("Updating", serving, target=old(3))

    served.before["DeleteEndpointConfig"] = begin  # when version 2's is deleted
    assert tidy(served)["endpoint_configs"] == [old(2), old(4)]


def test_without_an_endpoint_the_newest_stays(served: Account) -> None:
    served.endpoint = None
    assert tidy(served)["endpoint_configs"] == [old(1), old(2), old(3), old(4)]  # the first version's is newer


@pytest.mark.parametrize(
    "name", ["scones-test-vehicles-vans-v1-00000001", f"my-{STEM}1-00000001", f"{STEM}1-00000001-copy", f"{STEM}x"]
)
def test_what_others_own_stays(served: Account, name: str) -> None:
    served.make(name, TODAY - timedelta(days=400))
    tidy(served)
    assert name in served.configs()
    assert name in served.models()


def test_somebody_else_tidies_up_at_the_same_time(served: Account) -> None:
    served.before["DeleteEndpointConfig"] = lambda: served.lose(old(2))
    served.before["DeleteModel"] = lambda: served.lose(old(2))
    assert tidy(served)["endpoint_configs"] == [old(2), old(3), old(4)]


def test_a_configuration_that_is_gone_when_its_models_are_asked_for(served: Account) -> None:
    served.before["DescribeEndpointConfig"] = lambda: served.lose(old(1))
    assert old(2) in tidy(served)["models"]


def test_the_state_machine_has_it_done(served: Account) -> None:
    answer: dict[str, Any] = handler({"tidy_up": {}}, CONTEXT)
    assert answer["endpoint_configs"] == [old(2), old(3), old(4)]
    assert handler(event_of(1, None), CONTEXT)["state"] == "settled"
