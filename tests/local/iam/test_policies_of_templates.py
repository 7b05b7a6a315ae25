"""A template's topic and queue policies decide what a rule may send, as long as the template has them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.server.embedded import LocalAws
from tests.local.iam.support import let_in
from tests.local.support import ACCOUNT, REGION, Wait, client

TOPIC, UNDELIVERED = f"arn:aws:sns:{REGION}:{ACCOUNT}:told", f"arn:aws:sqs:{REGION}:{ACCOUNT}:untold"
EVENTS = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
RETAIN = {"DeletionPolicy": "Retain"}
TARGET = {"Id": "topic", "Arn": {"Ref": "Topic"}, "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Undelivered", "Arn"]}}}
FROM_RULE = {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}}
RESOURCES: dict[str, Any] = {
    "TopicPolicy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Topic"}],
            "PolicyDocument": {"Statement": [{**EVENTS, "Action": "sns:Publish", "Resource": {"Ref": "Topic"}}]},
        },
    },
    "QueuePolicy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Undelivered"}],
            "PolicyDocument": {
                "Statement": [{**EVENTS, "Action": "sqs:SendMessage", "Resource": UNDELIVERED, "Condition": FROM_RULE}]
            },
        },
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "told"}, **RETAIN},
    "Undelivered": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "untold"}, **RETAIN},
    "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["tell"]}, "Targets": [TARGET]}},
}


@pytest.fixture
def heard(strict: LocalAws) -> str:
    """The URL of a queue that gets what the stack's topic is told."""
    stacks, sns, sqs = (client(strict, name) for name in ("cloudformation", "sns", "sqs"))
    stacks.create_stack(StackName="policies", TemplateBody=json.dumps({"Resources": RESOURCES}))
    url = str(sqs.create_queue(QueueName="heard")["QueueUrl"])
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:heard"
    let_in(sqs, url, queue, "sns", TOPIC)
    sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=queue)
    return url


@pytest.fixture
def arrives(strict: LocalAws, wait: Wait) -> Callable[[str], None]:
    """`arrives(url)`: send an event, and wait for it in the queue."""
    events, sqs = client(strict, "events"), client(strict, "sqs")

    def send(url: str) -> None:
        events.put_events(Entries=[{"Source": "tell", "DetailType": "t", "Detail": "{}"}])
        wait(lambda: {"n": len(sqs.receive_message(QueueUrl=url).get("Messages", []))}, "n", 1, seconds=20)

    return send


def test_a_rule_reaches_a_topic_by_its_policy_alone(
    strict: LocalAws, heard: str, arrives: Callable[[str], None]
) -> None:
    stacks, sns, sqs = (client(strict, name) for name in ("cloudformation", "sns", "sqs"))
    undelivered = sqs.get_queue_url(QueueName="untold")["QueueUrl"]

    def update(*without: str, **properties: str) -> None:
        topic = {**RESOURCES["Topic"], "Properties": {"TopicName": "told", **properties}}
        resources = {name: each for name, each in {**RESOURCES, "Topic": topic}.items() if name not in without}
        stacks.update_stack(StackName="policies", TemplateBody=json.dumps({"Resources": resources}))

    arrives(heard)
    update("TopicPolicy")
    arrives(undelivered)  # by the queue's policy
    update()
    arrives(heard)
    update(DisplayName="told more")  # the topic is the same one, with its policy and its subscription
    arrives(heard)
    assert sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["DisplayName"] == "told more"
    stacks.delete_stack(StackName="policies")
    left = json.loads(sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"])
    assert [each["Sid"] for each in left["Statement"]] == ["__default_statement_ID"]
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=undelivered, AttributeNames=["All"])["Attributes"]
