"""Step Functions: moto's engine, our Lambda functions, a queue."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.local.support import REGION, ROLE, client

QUEUE = "tests-review"
SOURCE = """
class Unreadable(Exception): pass
class Throttled(Exception): pass
COUNT = 0
def handler(event, context):
    global COUNT
    if event.get("unreadable"): raise Unreadable("not a photo")
    if event.get("throttled"):
        COUNT += 1
        if COUNT < 3: raise Throttled("try again")
        return {"attempts": COUNT}
    return {"answer": event["value"] * 2}
"""
Execute = Callable[[dict[str, Any]], dict[str, Any]]


def machine(function: str) -> dict[str, Any]:
    """Call the function; retry one error, catch another by sending the input to a queue."""
    return {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": function, "Payload.$": "$"},
                "ResultSelector": {"result.$": "$.Payload"},
                "TimeoutSeconds": 30,
                "Retry": [
                    {"ErrorEquals": ["Throttled"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 1.0},
                ],
                "Catch": [{"ErrorEquals": ["Unreadable"], "ResultPath": "$.error", "Next": "Queue"}],
                "End": True,
            },
            "Queue": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {
                    "QueueUrl": f"https://sqs.{REGION}.amazonaws.com/123456789012/{QUEUE}",
                    "MessageBody.$": "$",
                },
                "ResultPath": None,
                "End": True,
            },
        },
    }


@pytest.fixture(scope="module")
def stepfunctions(aws: Any) -> Any:
    return client(aws, "stepfunctions")


@pytest.fixture(scope="module")
def execute(stepfunctions: Any, create_function: Any, wait: Any) -> Execute:
    function = create_function("task", SOURCE)
    arn = stepfunctions.create_state_machine(name="machine", definition=json.dumps(machine(function)), roleArn=ROLE)[
        "stateMachineArn"
    ]

    def run(given: dict[str, Any]) -> dict[str, Any]:
        execution = stepfunctions.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
        describe = lambda: stepfunctions.describe_execution(executionArn=execution)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"))

    return run


def test_a_task_calls_the_function(execute: Execute, stepfunctions: Any) -> None:
    done = execute({"value": 21})
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"result": {"answer": 42}})
    history = stepfunctions.get_execution_history(executionArn=done["executionArn"])["events"]
    types = [event["type"] for event in history]
    assert types[0] == "ExecutionStarted"
    assert types[-1] == "ExecutionSucceeded"
    assert {"TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited"} <= set(types)


def test_a_caught_error_goes_to_the_queue(aws: Any, execute: Execute) -> None:
    sqs = client(aws, "sqs")
    url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    assert execute({"unreadable": True})["status"] == "SUCCEEDED"
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    assert body["error"]["Error"] == "Unreadable"
    assert json.loads(body["error"]["Cause"])["errorMessage"] == "not a photo"


def test_an_error_is_retried(execute: Execute) -> None:
    done = execute({"throttled": True})
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"result": {"attempts": 3}})


def test_an_error_nobody_expects_fails_the_execution(execute: Execute) -> None:
    done = execute({})
    assert (done["status"], done["error"]) == ("FAILED", "KeyError")
    assert json.loads(done["cause"])["errorMessage"] == "'value'"


def test_fifty_executions_at_once(stepfunctions: Any, create_function: Any, wait: Any) -> None:
    function = create_function("many", SOURCE)
    text = json.dumps(machine(function))
    arn = stepfunctions.create_state_machine(name="many", definition=text, roleArn=ROLE)["stateMachineArn"]
    start = lambda value: stepfunctions.start_execution(  # noqa: E731
        stateMachineArn=arn, input=json.dumps({"value": value})
    )["executionArn"]
    with ThreadPoolExecutor(50) as pool:
        started = list(pool.map(start, range(50)))
    for value, execution in enumerate(started):
        describe = lambda execution=execution: stepfunctions.describe_execution(executionArn=execution)  # noqa: E731
        done = wait(describe, "status", "SUCCEEDED", "FAILED", "TIMED_OUT", seconds=120)
        assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"result": {"answer": 2 * value}})
