"""Rules and topics need the leave of what they send to, or a role that may."""

import json
from collections.abc import Callable
from typing import Any

from local.server.embedded import LocalAws
from tests.local.iam.support import let_in
from tests.local.sagemaker.support import definition
from tests.local.support import ACCOUNT, BUCKET, REGION, client, count

MakeRole = Callable[..., str]


def test_an_event_starts_a_pipeline_as_its_targets_role(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    sagemaker, events, sqs = (client(strict, name) for name in ("sagemaker", "events", "sqs"))
    runner = role("for-events-pipeline", "sagemaker")
    text = definition([{"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "it ran"}}])
    arn = sagemaker.create_pipeline(PipelineName="by-event", PipelineDefinition=text, RoleArn=runner)["PipelineArn"]
    url = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:undelivered"
    rule = events.put_rule(Name="r", EventPattern='{"source": ["x"]}')["RuleArn"]
    let_in(sqs, url, queue, "events", rule)
    target = {"Id": "1", "Arn": arn, "RoleArn": role("no-start", "events"), "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule="r", Targets=[target])
    events.put_events(Entries=[{"Source": "x", "DetailType": "t", "Detail": "{}"}])
    receive = lambda: {"n": len(sqs.receive_message(QueueUrl=url).get("Messages", []))}  # noqa: E731
    wait(receive, "n", 1)
    assert sagemaker.list_pipeline_executions(PipelineName="by-event")["PipelineExecutionSummaries"] == []


def test_a_rule_needs_the_functions_leave(strict: LocalAws, function: str, wait: Any) -> None:
    events, s3, functions, sqs = (client(strict, name) for name in ("events", "s3", "lambda", "sqs"))
    rule = events.put_rule(Name="calls", EventPattern='{"source": ["calls"]}')["RuleArn"]
    url = sqs.create_queue(QueueName="not-called")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:not-called"
    let_in(sqs, url, queue, "events", rule)
    path = {"InputPath": "$.detail", "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule="calls", Targets=[{"Id": "1", "Arn": function, **path}])
    entry = {"Source": "calls", "DetailType": "t", "Detail": json.dumps({"bucket": BUCKET, "key": "open/event"})}
    events.put_events(Entries=[entry])
    receive = lambda: {"n": len(sqs.receive_message(QueueUrl=url).get("Messages", []))}  # noqa: E731
    wait(receive, "n", 1)
    functions.add_permission(
        FunctionName=function,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    events.put_events(Entries=[entry])
    wait(lambda: count(s3, "open/event"), "n", 1)


def test_a_topic_needs_the_queues_leave(strict: LocalAws) -> None:
    sns, sqs = client(strict, "sns"), client(strict, "sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alarmed", "not-alarmed")]
    queue, dead_letters = (f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}" for name in ("alarmed", "not-alarmed"))
    policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_letters})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=policy)

    def received() -> list[int]:
        return [len(sqs.receive_message(QueueUrl=url).get("Messages", [])) for url in urls]

    sns.publish(TopicArn=topic, Message="m")
    assert received() == [0, 0]
    let_in(sqs, urls[1], dead_letters, "sns", topic)
    sns.publish(TopicArn=topic, Message="m")
    assert received() == [0, 1]
    let_in(sqs, urls[0], queue, "sns", topic)
    sns.publish(TopicArn=topic, Message="m")
    assert received() == [1, 0]
