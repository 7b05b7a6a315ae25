"""Lambda's asynchronous invocations: retries, destinations and dead letters."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.functions.invoke import AT_ONCE
from tests.local.support import ACCOUNT, REGION, ROLE, Hear, client

FAILS = "def handler(event, context): raise ValueError('never')"
Receive = Callable[[], dict[str, Any]]


def check_dead_letter(message: dict[str, Any], request_id: str) -> None:
    """A dead letter as AWS writes it: the event, and why it failed in the attributes."""
    assert json.loads(message["Body"]) == {"n": 1}
    assert {
        name: (value["DataType"], value["StringValue"]) for name, value in message["MessageAttributes"].items()
    } == {
        "RequestID": ("String", request_id),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", "never"),
    }


def test_event_invocations_run_later_and_are_retried(
    functions: Any, create_function: Any, tmp_path: Path, queue: tuple[str, str], receive: Receive
) -> None:
    source = """
    import pathlib
    def handler(event, context):
        folder = pathlib.Path(event["folder"])
        count = len(list(folder.iterdir()))
        folder.joinpath(str(count)).touch()
        if count < 2: raise RuntimeError("not yet")
    """
    create_function("later", source)
    functions.put_function_event_invoke_config(
        FunctionName="later", DestinationConfig={"OnSuccess": {"Destination": queue[1]}}
    )
    payload = json.dumps({"folder": str(tmp_path)})
    answer = functions.invoke(FunctionName="later", InvocationType="Event", Payload=payload)
    assert answer["StatusCode"] == 202
    context = json.loads(receive()["Body"])["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("Success", 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]


def test_an_event_that_always_fails_goes_to_the_destination(
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Receive
) -> None:
    create_function("hopeless", FAILS)
    functions.put_function_event_invoke_config(
        FunctionName="hopeless", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": queue[1]}}
    )
    functions.invoke(FunctionName="hopeless", InvocationType="Event", Payload=b'{"n": 1}')
    body = json.loads(receive()["Body"])
    assert body["requestPayload"] == {"n": 1}
    assert body["responsePayload"]["errorType"] == "ValueError"
    assert body["requestContext"]["condition"] == "RetriesExhausted"
    assert body["requestContext"]["approximateInvokeCount"] == 1


def test_an_event_that_succeeds_goes_to_the_destination(
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Receive
) -> None:
    create_function("hopeful", "def handler(event, context): return event['n'] + 1")
    functions.put_function_event_invoke_config(
        FunctionName="hopeful", DestinationConfig={"OnSuccess": {"Destination": queue[1]}}
    )
    functions.invoke(FunctionName="hopeful", InvocationType="Event", Payload=b'{"n": 1}')
    body = json.loads(receive()["Body"])
    assert (body["requestContext"]["condition"], body["responsePayload"]) == ("Success", 2)


def test_dead_letters_go_to_the_functions_queue(
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Receive
) -> None:
    create_function("dead", FAILS, DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:none"})
    functions.update_function_configuration(FunctionName="dead", DeadLetterConfig={"TargetArn": queue[1]})
    functions.put_function_event_invoke_config(FunctionName="dead", MaximumRetryAttempts=0)
    answer = functions.invoke(FunctionName="dead", InvocationType="Event", Payload=b'{"n": 1}')
    check_dead_letter(receive(), answer["ResponseMetadata"]["RequestId"])


def test_dead_letters_of_a_function_in_a_stack(
    aws: Any, functions: Any, create_function: Any, queue: tuple[str, str], receive: Receive
) -> None:
    code = {"ZipFile": FAILS}
    properties = {"FunctionName": "stacked", "Handler": "index.handler", "Runtime": "python3.11", "Role": ROLE}
    dead_letters = {"TargetArn": {"Fn::Sub": "arn:${AWS::Partition}:" + queue[1].removeprefix("arn:aws:")}}
    resource = {
        "Type": "AWS::Lambda::Function",
        "Properties": {**properties, "Timeout": 20, "Code": code, "DeadLetterConfig": dead_letters},
    }
    client(aws, "cloudformation").create_stack(
        StackName="stacked", TemplateBody=json.dumps({"Resources": {"Stacked": resource}})
    )
    functions.put_function_event_invoke_config(FunctionName="stacked", MaximumRetryAttempts=0)
    answer = functions.invoke(FunctionName="stacked", InvocationType="Event", Payload=b'{"n": 1}')
    check_dead_letter(receive(), answer["ResponseMetadata"]["RequestId"])


def test_an_event_without_a_destination_is_dropped_and_the_output_says_so(
    functions: Any, create_function: Any, hear: Hear
) -> None:
    create_function("forgotten", FAILS)
    functions.put_function_event_invoke_config(FunctionName="forgotten", MaximumRetryAttempts=0)
    functions.invoke(FunctionName="forgotten", InvocationType="Event", Payload=b"{}")
    hear("lambda forgotten: dropped an event")


def test_a_storm_of_events_takes_few_processes_and_loses_none(
    functions: Any, create_function: Any, tmp_path: Path, wait: Any
) -> None:
    source = """
    import os, pathlib
    def handler(event, context):
        pathlib.Path(event["folder"], f"{event['n']}-{os.getpid()}").touch()
    """
    create_function("stormed", source)
    for number in range(40):
        payload = json.dumps({"folder": str(tmp_path), "n": number})
        functions.invoke(FunctionName="stormed", InvocationType="Event", Payload=payload)
    wait(lambda: {"n": len(list(tmp_path.iterdir()))}, "n", 40)
    assert len({path.name.partition("-")[2] for path in tmp_path.iterdir()}) <= AT_ONCE


def test_what_was_said_of_a_deleted_function_is_forgotten(functions: Any, create_function: Any, hear: Hear) -> None:
    create_function("reborn", FAILS, DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone"})
    functions.delete_function(FunctionName="reborn")
    create_function("reborn", FAILS)
    functions.put_function_event_invoke_config(FunctionName="reborn", MaximumRetryAttempts=0)
    functions.invoke(FunctionName="reborn", InvocationType="Event", Payload=b"{}")
    hear("lambda reborn: dropped an event")
