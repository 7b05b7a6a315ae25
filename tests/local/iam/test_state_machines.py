"""State machines may do what the policies of their roles say, each its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.iam.support import create_function
from tests.local.support import ACCOUNT, BUCKET, REGION, client

MakeRole = Callable[..., str]

WAITER = """
import pathlib, time
def handler(event, context):
    while not pathlib.Path(event["until"]).exists(): time.sleep(0.02)
"""


def test_a_state_machine_may_call_what_its_role_may(strict: LocalAws, role: MakeRole, function: str, wait: Any) -> None:
    states = client(strict, "stepfunctions")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload": {"bucket": BUCKET, "key": "open/z"}},
        "End": True,
    }
    text = json.dumps({"StartAt": "Call", "States": {"Call": task}})
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}

    def run(name: str, arn: str) -> dict[str, Any]:
        machine = states.create_state_machine(name=name, definition=text, roleArn=arn)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine)["executionArn"]
        describe = lambda: states.describe_execution(executionArn=execution)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED"))

    assert run("may", role("may", "states", invoke))["status"] == "SUCCEEDED"
    denied = run("may-not", role("may-not", "states"))
    assert denied["status"] == "FAILED"
    assert "is not authorized to perform: lambda:InvokeFunction" in denied["cause"]


def test_what_one_running_state_machine_may_another_may_not(
    strict: LocalAws, role: MakeRole, function: str, wait: Any, tmp_path: Path
) -> None:
    states = client(strict, "stepfunctions")
    waiter = create_function(strict, "waiter", f"arn:aws:iam::{ACCOUNT}:role/function", WAITER)
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload": {"bucket": BUCKET, "key": "open/map"}},
        "End": True,
    }
    pause = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": waiter, "Payload": {"until": str(tmp_path / "over")}},
        "ResultPath": None,
        "Next": "Each",
    }
    processor = {"StartAt": "Call", "States": {"Call": call}}
    each = {"Type": "Map", "ItemProcessor": processor, "End": True}
    slow = json.dumps({"StartAt": "Pause", "States": {"Pause": pause, "Each": each}})
    quick = json.dumps({"StartAt": "Each", "States": {"Each": each}})
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [function, waiter]}
    roles = (role("both-may", "states", invoke), role("both-may-not", "states"))

    def start(name: str, text: str, arn: str) -> str:
        machine = states.create_state_machine(name=name, definition=text, roleArn=arn)["stateMachineArn"]
        return str(states.start_execution(stateMachineArn=machine, input="[1, 2]")["executionArn"])

    def ended(execution: str) -> dict[str, Any]:
        describe = lambda: states.describe_execution(executionArn=execution)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED"))

    first, second = start("slow", slow, roles[0]), start("quick", quick, roles[1])
    denied = ended(second)
    assert states.describe_execution(executionArn=first)["status"] == "RUNNING"
    tmp_path.joinpath("over").touch()
    assert "role/both-may-not is not authorized to perform: lambda:InvokeFunction" in denied["cause"]
    assert ended(first)["status"] == "SUCCEEDED"


def test_a_state_machines_role_must_trust_step_functions(strict: LocalAws, role: MakeRole) -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:trusted*"}}
    of_trusted = role("of-trusted-machines", "states", Condition=source)
    create = client(strict, "stepfunctions").create_state_machine
    create(name="trusted", definition=text, roleArn=of_trusted)
    for arn in (of_trusted, role("for-jobs", "sagemaker")):
        with pytest.raises(ClientError, match=r"allows principal .states\.amazonaws\.com"):
            create(name="untrusted", definition=text, roleArn=arn)
