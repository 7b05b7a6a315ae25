"""What an environment costs: figures that can be checked by hand, and what is refused."""

import pytest

from pipelines.cost.assumptions import Assumptions
from pipelines.cost.estimate import Item, estimate
from pipelines.cost.prices import INSTANCES, InstancePrices
from pipelines.errors import ConfigurationError
from pipelines.settings.reading import load

NOTHING = InstancePrices({})


def items(environment: str = "prod", **assumed: str) -> dict[str, Item]:
    return {each.name: each for each in estimate(load(environment), Assumptions.of(assumed), NOTHING)}


def test_an_endpoint_that_is_scaled_costs_as_much_as_its_least_instances_and_may_cost_more() -> None:
    settings = load("prod")
    scaling = settings.endpoint.scaling.model_copy(update={"enabled": True, "min_instances": 2, "max_instances": 6})
    endpoint = settings.endpoint.model_copy(update={"scaling": scaling})
    scaled = settings.model_copy(update={"endpoint": endpoint})
    found = {item.name: item for item in estimate(scaled, Assumptions(), InstancePrices({}))}
    assert found["endpoint"].month == pytest.approx(2 * 730 * 0.115)
    assert found["endpoint"].more == pytest.approx(4 * 730 * 0.115)
    assert found["endpoint"].how.startswith("2 to 6 × ml.m5.large")
    assert found["alarms, dashboard"].how == "11 alarms, 1 dashboard"
    assert {item.more for item in items().values()} == {0}


def test_the_endpoint_costs_what_its_instances_do() -> None:
    assert items()["endpoint"].month == pytest.approx(2 * 730 * 0.115)
    assert items("dev")["endpoint"].month == pytest.approx(730 * 0.115)
    assert items()["endpoint"].million == 0


def test_a_million_photos() -> None:
    found = items()
    assert found["workflow"].million == pytest.approx(7 * 25)
    assert found["functions"].million == pytest.approx(4 * (0.2 + 0.2 * 0.5 * 16.6667), rel=1e-4)
    assert sum(each.million for each in found.values()) == pytest.approx(213, abs=1)
    assert found["workflow"].at(60_000) == pytest.approx(0.06 * 7 * 25)


def test_assumptions_change_the_figures() -> None:
    assert items(transitions="14")["workflow"].million == pytest.approx(14 * 25)
    assert items(call_seconds="0.4")["functions"].million > items()["functions"].million
    assert "photos_a_month = 1,000,000" in Assumptions.of({"photos_a_month": "1,000,000"}).lines()


def test_delivery_costs_something_only_where_a_repository_is_connected() -> None:
    settings = load("prod")
    arn = "arn:aws:codeconnections:eu-west-1:123456789012:connection/11111111-1111-1111-1111-111111111111"
    connected = settings.model_copy(update={"delivery": settings.delivery.model_copy(update={"connection": arn})})
    found = {each.name: each for each in estimate(connected, Assumptions(), NOTHING)}
    assert items()["delivery"].month == 0
    assert found["delivery"].month == pytest.approx((20 * 35 + 4 * 32) * 0.012)


def test_container_images_cost_something_only_where_they_are_built() -> None:
    assert items()["container images"].month == pytest.approx(52 / 12 * 25 * 0.01 + 45 * 0.10)
    assert "container images" not in items("local")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"phots": "1"}, "there is no assumption phots; there are photos_a_month"),
        ({"alarms": "many"}, "alarms must be a whole number, got 'many'"),
        ({"call_seconds": "nan"}, "call_seconds must be 0 or more"),
        ({"alarms": "-1"}, "alarms must be 0 or more"),
    ],
)
def test_a_wrong_assumption_is_named(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Assumptions.of(given)


def test_a_price_that_is_not_in_the_table_can_be_given() -> None:
    assert InstancePrices({"ml.p5.48xlarge": 98.0}).hour("ml.p5.48xlarge") == 98.0
    with pytest.raises(ConfigurationError, match=r"has no ml\.p5\.48xlarge.*--price ml\.p5\.48xlarge=DOLLARS"):
        NOTHING.hour("ml.p5.48xlarge")


@pytest.mark.parametrize("environment", ["local", "dev", "prod"])
def test_the_table_has_what_the_environments_use(environment: str) -> None:
    settings = load(environment)
    for section in (settings.endpoint, settings.training, settings.processing):
        assert section.instance_type in INSTANCES
