"""Lambda functions under AWS's own runtime client: answers, errors, time, memory, concurrency."""

import base64
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.support import REGION, Hear, Wait, client

Invoke = Callable[..., Any]


def test_a_worker_stays_warm_and_sees_its_configuration(invoke: Invoke) -> None:
    first, answer = invoke({})
    second, _ = invoke({})
    assert answer["StatusCode"] == 200
    assert (first["stage"], first["name"]) == ("test", "works")
    assert first["arn"] == "arn:aws:lambda:eu-west-1:123456789012:function:works"
    assert 0 < first["left"] <= 2000
    assert (second["pid"], second["loaded"]) == (first["pid"], first["loaded"])


def test_an_error_keeps_its_class_and_message(invoke: Invoke, hear: Hear) -> None:
    error, answer = invoke({"fail": "no such photo"})
    assert answer["FunctionError"] == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("PhotoNotFound", "no such photo")
    assert any("handler" in frame for frame in error["stackTrace"])
    log = base64.b64decode(answer["LogResult"]).decode()
    assert "working on {'fail': 'no such photo'}" in log
    assert "REPORT RequestId" in log
    hear("lambda works failed: PhotoNotFound: no such photo")


def test_a_timeout_is_worded_as_aws_does_and_the_next_call_works(invoke: Invoke) -> None:
    error, answer = invoke({"sleep": 30})
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 2.00 seconds")
    assert invoke({})[0]["stage"] == "test"


def test_a_worker_that_dies_is_replaced(invoke: Invoke) -> None:
    error, _ = invoke({"exit": 3})
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
    assert invoke({})[0]["stage"] == "test"


def test_invocations_run_at_the_same_time(invoke: Invoke) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: invoke({"sleep": 0.5})[0], range(4)))
    assert len({answer["pid"] for answer in answers}) == 4


def test_code_that_cannot_be_imported_is_an_error_of_the_function(functions: Any, create_function: Any) -> None:
    create_function("broken", "import no_such_module")
    for _ in range(2):
        answer = functions.invoke(FunctionName="broken")
        error = json.load(answer["Payload"])
        assert answer["FunctionError"] == "Unhandled"
        assert error["errorType"] == "Runtime.ImportModuleError"
        assert "No module named 'no_such_module'" in error["errorMessage"]


def test_bad_requests_are_refused(functions: Any, invoke: Invoke) -> None:
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*Function not found"):
        functions.invoke(FunctionName="nobody")
    with pytest.raises(ClientError, match="Could not parse request body into json"):
        functions.invoke(FunctionName="works", Payload=b"{")
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        functions.invoke(FunctionName="works", Payload=json.dumps("x" * 7_000_000))


def test_logs_reach_cloudwatch(aws: Any, invoke: Invoke, wait: Wait) -> None:
    invoke({"mark": "seen in the logs"})
    logs = client(aws, "logs")

    def look() -> dict[str, Any]:
        events = logs.filter_log_events(logGroupName="/aws/lambda/works")["events"]
        return {"seen": any("seen in the logs" in event["message"] for event in events)}

    wait(look, "seen", True)


def test_a_function_that_takes_too_much_memory_is_killed(functions: Any, create_function: Any) -> None:
    source = """
    import time
    def handler(event, context):
        taken = bytearray(event["megabytes"] * 2**20)
        taken[::4096] = b"x" * len(taken[::4096])
        time.sleep(0.3)
        return len(taken)
    """
    create_function("hungry", source, MemorySize=256)
    call = lambda megabytes: functions.invoke(  # noqa: E731
        FunctionName="hungry", Payload=json.dumps({"megabytes": megabytes}), LogType="Tail"
    )
    answer = call(1)
    assert json.load(answer["Payload"]) == 2**20
    assert re.search(r"Max Memory Used: [1-9]\d* MB", base64.b64decode(answer["LogResult"]).decode())
    answer = call(400)
    assert answer["FunctionError"] == "Unhandled"
    error = json.load(answer["Payload"])
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert json.load(call(1)["Payload"]) == 2**20


def test_reserved_concurrency_throttles(
    aws: Any, functions: Any, create_function: Any, tmp_path: Path, wait: Wait
) -> None:
    begun, over = tmp_path / "begun", tmp_path / "over"
    source = """
    import pathlib, time
    def handler(event, context):
        pathlib.Path(event["begun"]).touch()
        while not pathlib.Path(event["over"]).exists(): time.sleep(0.02)
    """
    event = json.dumps({"begun": str(begun), "over": str(over)})
    impatient = boto3.client(
        "lambda",
        endpoint_url=aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    create_function("scarce", source)
    functions.put_function_concurrency(FunctionName="scarce", ReservedConcurrentExecutions=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(functions.invoke, FunctionName="scarce", Payload=event)
        try:
            wait(lambda: {"begun": begun.exists()}, "begun", True)
            with pytest.raises(impatient.exceptions.TooManyRequestsException):
                impatient.invoke(FunctionName="scarce", Payload=event)
        finally:
            over.touch()
        assert "FunctionError" not in running.result()
    assert "FunctionError" not in functions.invoke(FunctionName="scarce", Payload=event)
