"""Looks at state machines, alarms, queues, functions and logs."""

import json
from datetime import UTC, datetime
from typing import Any

from local.runtime.context import Context
from local.status.records import Alarm, Amount, Execution, Run, Step, newest

MOST = 12  # executions of each state machine, the newest
LINES = 500  # of a log, the last
ENTERED, EXITED = "StateEntered", "StateExited"


def workflows(context: Context) -> tuple[Run, ...]:
    """The newest executions of each state machine."""
    states = context.client("stepfunctions")
    found = [
        Run(
            f"{machine['name']} {each['name']}",
            each["status"],
            each["startDate"],
            each.get("stopDate"),
            f"execution?arn={each['executionArn']}",
        )
        for machine in states.list_state_machines()["stateMachines"]
        for each in states.list_executions(stateMachineArn=machine["stateMachineArn"], maxResults=MOST)["executions"]
    ]
    return newest(found, 2 * MOST)


def workflow(context: Context, arn: str) -> Execution:
    """An execution of a state machine with the states that it was in. Raises ClientError if there is none."""
    states = context.client("stepfunctions")
    described = states.describe_execution(executionArn=arn)
    events = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    return Execution(
        Run(described["name"], described["status"], described["startDate"], described.get("stopDate")),
        "state machine",
        states_of([event for page in events for event in page["events"]], described["status"]),
        pretty(described.get("input", "")),
        pretty(described.get("output", "")) or f"{described.get('error', '')} {described.get('cause', '')}".strip(),
    )


def states_of(events: list[dict[str, Any]], status: str) -> tuple[Step, ...]:
    """The states in a history. One that was never left has the status of the execution."""
    entered: list[Step] = []
    for event in events:
        if event["type"].endswith(ENTERED):
            name = event["stateEnteredEventDetails"]["name"]
            entered.append(Step(name, status, event["timestamp"]))
        elif event["type"].endswith(EXITED):
            name = event["stateExitedEventDetails"]["name"]
            index = next(i for i, step in enumerate(entered) if step.name == name and step.end is None)
            entered[index] = Step(name, "SUCCEEDED", entered[index].start, event["timestamp"])
    ended = None if status == "RUNNING" or not events else events[-1]["timestamp"]
    return tuple(step if step.end else Step(step.name, step.status, step.start, ended) for step in entered)


def alarms(context: Context) -> tuple[Alarm, ...]:
    """All alarms; first those that ring, then by name."""
    pages = context.client("cloudwatch").get_paginator("describe_alarms").paginate()
    found = [
        Alarm(each["AlarmName"], each["StateValue"], each["StateReason"], each["StateUpdatedTimestamp"])
        for page in pages
        for each in page["MetricAlarms"]
    ]
    return tuple(sorted(found, key=lambda alarm: (alarm.state != "ALARM", alarm.name)))


def queues(context: Context) -> tuple[Amount, ...]:
    """All queues with the messages that wait, and those that somebody has received."""
    sqs = context.client("sqs")
    counts = {"waiting": "ApproximateNumberOfMessages", "received": "ApproximateNumberOfMessagesNotVisible"}
    found = []
    for url in sqs.list_queues().get("QueueUrls", []):
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(counts.values()))["Attributes"]
        found.append(Amount(url.rpartition("/")[2], {name: attributes[key] for name, key in counts.items()}))
    return tuple(found)


def functions(context: Context) -> tuple[Amount, ...]:
    """All functions, each with a link to its log."""
    found = context.client("lambda").list_functions()["Functions"]
    return tuple(
        Amount(
            each["FunctionName"],
            {"runtime": each["Runtime"], "memory": f"{each['MemorySize']} MB"},
            f"logs?group=/aws/lambda/{each['FunctionName']}",
        )
        for each in found
    )


def log_lines(context: Context, group: str, stream: str = "") -> list[str]:
    """The last lines of a log group, or of its streams that begin so, with their times."""
    logs = context.client("logs")
    if not any(
        each["logGroupName"] == group for each in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    ):
        return []
    wanted = {"logStreamNamePrefix": stream} if stream else {}
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, **wanted)
    events = sorted((event for page in pages for event in page["events"]), key=lambda event: event["timestamp"])
    return [f"{datetime.fromtimestamp(e['timestamp'] / 1000, UTC):%H:%M:%S} {e['message']}" for e in events[-LINES:]]


def happened(context: Context, lines: int = 40) -> tuple[str, ...]:
    """The last things that happened, the newest first."""
    log = context.logs / "local-aws.log"
    return tuple(reversed(log.read_text("utf-8").splitlines()[-lines:])) if log.exists() else ()


def pretty(text: str) -> str:
    """JSON with indentation; another text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
