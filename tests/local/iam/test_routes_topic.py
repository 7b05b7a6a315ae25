"""The shipped template's topic of routes hears of photos that are decided, where the configuration asks for it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.protocol.templates import read_template
from local.server.embedded import LocalAws
from tests.local.iam.support import let_in
from tests.local.support import ACCOUNT, REGION, Wait, client

SHIPPED = Path(__file__).parents[3] / "infra" / "application.yaml"
PREFIX = "scones-test"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-routes"


@pytest.fixture
def deploy(strict: LocalAws) -> Iterator[Callable[[str], None]]:
    """`deploy(asked)`: bring up the part of the shipped template that is about the topic."""
    stacks = client(strict, "cloudformation")
    shipped = read_template(SHIPPED.read_text())
    resources = {name: each for name, each in shipped["Resources"].items() if name.startswith(("Route", "AlarmTopic"))}
    parameters = {name: shipped["Parameters"][name] for name in ("Project", "Environment", "RoutesTopic")}
    conditions = {"HasRoutesTopic": shipped["Conditions"]["HasRoutesTopic"]}
    part = {"Parameters": parameters, "Conditions": conditions, "Resources": resources}
    call = iter([stacks.create_stack] + 2 * [stacks.update_stack])

    def bring_up(asked: str) -> None:
        given = {"Project": "scones", "Environment": "test", "RoutesTopic": asked}
        values = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
        next(call)(StackName="routes", TemplateBody=json.dumps(part), Parameters=values)

    yield bring_up
    stacks.delete_stack(StackName="routes")


def test_the_topic_hears_of_its_environments_routes(
    strict: LocalAws, deploy: Callable[[str], None], wait: Wait
) -> None:
    events, sns, sqs = (client(strict, name) for name in ("events", "sns", "sqs"))
    url = sqs.create_queue(QueueName="dispatch")["QueueUrl"]
    let_in(sqs, url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:dispatch", "sns", TOPIC)

    def topics() -> list[str]:
        return [each["TopicArn"] for each in sns.list_topics()["Topics"]]

    deploy("false")
    assert TOPIC not in topics()
    deploy("true")
    sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:dispatch")
    routed = {"DetailType": "Driver Routed", "Detail": json.dumps({"loading_bay": "A"})}
    events.put_events(Entries=[{"Source": source, **routed} for source in (f"{PREFIX}-2", PREFIX)])
    heard: list[dict[str, Any]] = []

    def look() -> dict[str, int]:
        heard.extend(sqs.receive_message(QueueUrl=url).get("Messages", []))
        return {"n": len(heard)}

    wait(look, "n", 1, seconds=20)
    event = json.loads(json.loads(heard[0]["Body"])["Message"])
    assert (event["source"], event["detail-type"], event["detail"]) == (PREFIX, "Driver Routed", {"loading_bay": "A"})
    deploy("false")
    assert TOPIC not in topics()
