"""Lambda functions under AWS's own runtime client."""

import base64
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.conftest import BUCKET, REGION, ROLE, Hear, client, zipped

SOURCE = """
import os, time, sys
LOADED = time.time()
class PhotoNotFound(Exception): pass
def handler(event, context):
    print("working on", event)
    if event.get("fail"): raise PhotoNotFound(event["fail"])
    if event.get("exit"): sys.exit(event["exit"])
    time.sleep(event.get("sleep", 0))
    return {"loaded": LOADED, "pid": os.getpid(), "stage": os.environ.get("STAGE"), "name": context.function_name,
            "left": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn}
"""
Invoke = Callable[..., Any]


@pytest.fixture(scope="module")
def invoke(functions: Any, create_function: Any) -> Invoke:
    create_function("works", SOURCE, Timeout=2, Environment={"Variables": {"STAGE": "test"}})

    def call(event: dict[str, Any], **more: Any) -> tuple[Any, dict[str, Any]]:
        answer = functions.invoke(FunctionName="works", Payload=json.dumps(event), LogType="Tail", **more)
        payload = answer["Payload"].read()
        return json.loads(payload or b"null"), answer

    return call


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
        answers = list(pool.map(lambda _: invoke({"sleep": 1})[0], range(4)))
    assert len({answer["pid"] for answer in answers}) == 4


def test_new_code_and_configuration_get_fresh_workers(functions: Any, create_function: Any) -> None:
    create_function("renewed", "def handler(event, context): return 1")
    call = lambda: json.load(functions.invoke(FunctionName="renewed")["Payload"])  # noqa: E731
    assert call() == 1
    functions.update_function_code(
        FunctionName="renewed", ZipFile=zipped("import os\ndef handler(event, context): return os.environ.get('A', '')")
    )
    assert call() == ""
    functions.update_function_configuration(FunctionName="renewed", Environment={"Variables": {"A": "b"}})
    assert call() == "b"


def test_code_that_cannot_be_imported_is_an_error_of_the_function(functions: Any, create_function: Any) -> None:
    create_function("broken", "import no_such_module")
    for _ in range(2):
        answer = functions.invoke(FunctionName="broken")
        error = json.load(answer["Payload"])
        assert answer["FunctionError"] == "Unhandled"
        assert error["errorType"] == "Runtime.ImportModuleError"
        assert "No module named 'no_such_module'" in error["errorMessage"]


def test_event_invocations_run_later_and_are_retried(functions: Any, create_function: Any, s3: Any) -> None:
    source = """
    import boto3
    def handler(event, context):
        s3 = boto3.client("s3")
        count = s3.list_objects_v2(Bucket="tests-bucket", Prefix="attempts/").get("KeyCount", 0)
        s3.put_object(Bucket="tests-bucket", Key=f"attempts/{count}", Body=b"")
        if count < 2: raise RuntimeError("not yet")
    """
    create_function("later", source)
    answer = functions.invoke(FunctionName="later", InvocationType="Event", Payload=b"{}")
    assert answer["StatusCode"] == 202
    deadline = time.monotonic() + 20
    while s3.list_objects_v2(Bucket="tests-bucket", Prefix="attempts/").get("KeyCount", 0) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_bad_requests_are_refused(functions: Any, invoke: Invoke) -> None:
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*Function not found"):
        functions.invoke(FunctionName="nobody")
    with pytest.raises(ClientError, match="Could not parse request body into json"):
        functions.invoke(FunctionName="works", Payload=b"{")
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        functions.invoke(FunctionName="works", Payload=json.dumps("x" * 7_000_000))


def test_logs_reach_cloudwatch(aws: Any, invoke: Invoke) -> None:
    invoke({"mark": "seen in the logs"})
    logs = client(aws, "logs")
    deadline = time.monotonic() + 10
    while True:
        events = logs.filter_log_events(logGroupName="/aws/lambda/works")["events"]
        if any("seen in the logs" in event["message"] for event in events):
            return
        assert time.monotonic() < deadline, events
        time.sleep(0.2)


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


@pytest.fixture
def queue(aws: Any, request: pytest.FixtureRequest) -> tuple[str, str]:
    """URL and ARN of a queue named after the test."""
    sqs = client(aws, "sqs")
    url = sqs.create_queue(QueueName=request.node.originalname.replace("_", "-")[:60])["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


@pytest.fixture
def receive(aws: Any, queue: tuple[str, str], wait: Any) -> Callable[[], dict[str, Any]]:
    """The next message of the queue."""

    def message() -> dict[str, Any]:
        sqs, found = client(aws, "sqs"), list[dict[str, Any]]()

        def look() -> dict[str, int]:
            answer = sqs.receive_message(QueueUrl=queue[0], MessageAttributeNames=["All"])
            found.extend(answer.get("Messages", []))
            return {"n": len(found)}

        wait(look, "n", 1, seconds=20)
        return found[0]

    return message


FAILS = "def handler(event, context): raise ValueError('never')"


def test_an_event_that_always_fails_goes_to_the_destination(
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Any
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
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Any
) -> None:
    create_function("hopeful", "def handler(event, context): return event['n'] + 1")
    functions.put_function_event_invoke_config(
        FunctionName="hopeful", DestinationConfig={"OnSuccess": {"Destination": queue[1]}}
    )
    functions.invoke(FunctionName="hopeful", InvocationType="Event", Payload=b'{"n": 1}')
    body = json.loads(receive()["Body"])
    assert (body["requestContext"]["condition"], body["responsePayload"]) == ("Success", 2)


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


def test_dead_letters_go_to_the_functions_queue(
    functions: Any, create_function: Any, queue: tuple[str, str], receive: Any
) -> None:
    create_function("dead", FAILS, DeadLetterConfig={"TargetArn": "arn:aws:sqs:eu-west-1:123456789012:none"})
    functions.update_function_configuration(FunctionName="dead", DeadLetterConfig={"TargetArn": queue[1]})
    functions.put_function_event_invoke_config(FunctionName="dead", MaximumRetryAttempts=0)
    answer = functions.invoke(FunctionName="dead", InvocationType="Event", Payload=b'{"n": 1}')
    check_dead_letter(receive(), answer["ResponseMetadata"]["RequestId"])


def test_what_was_said_of_a_deleted_function_is_forgotten(functions: Any, create_function: Any, hear: Hear) -> None:
    create_function("reborn", FAILS, DeadLetterConfig={"TargetArn": "arn:aws:sqs:eu-west-1:123456789012:gone"})
    functions.delete_function(FunctionName="reborn")
    create_function("reborn", FAILS)
    functions.put_function_event_invoke_config(FunctionName="reborn", MaximumRetryAttempts=0)
    functions.invoke(FunctionName="reborn", InvocationType="Event", Payload=b"{}")
    hear("lambda reborn: dropped an event")


def test_dead_letters_of_a_function_in_a_stack(
    aws: Any, functions: Any, create_function: Any, queue: tuple[str, str], receive: Any
) -> None:
    code = {"ZipFile": "def handler(event, context): raise ValueError('never')"}
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


def test_reserved_concurrency_throttles(aws: Any, functions: Any, create_function: Any) -> None:
    impatient = boto3.client(
        "lambda",
        endpoint_url=aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    create_function("scarce", "import time\ndef handler(event, context): time.sleep(event['sleep'])")
    functions.put_function_concurrency(FunctionName="scarce", ReservedConcurrentExecutions=1)
    call = lambda seconds: functions.invoke(FunctionName="scarce", Payload=json.dumps({"sleep": seconds}))  # noqa: E731
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(call, 5)
        time.sleep(1)
        with pytest.raises(impatient.exceptions.TooManyRequestsException):
            impatient.invoke(FunctionName="scarce", Payload=b'{"sleep": 0}')
        assert "FunctionError" not in running.result()
    assert "FunctionError" not in call(0)


def test_logs_go_to_the_group_that_is_asked_for(aws: Any, functions: Any, create_function: Any) -> None:
    create_function("elsewhere", "def handler(event, context): print('here')", LoggingConfig={"LogGroup": "/my/logs"})
    functions.invoke(FunctionName="elsewhere")
    events = client(aws, "logs").filter_log_events(logGroupName="/my/logs")["events"]
    assert "here" in [event["message"] for event in events]


def test_logs_as_json(aws: Any, functions: Any, create_function: Any) -> None:
    source = """
import json, logging, time
def handler(event, context):
    logging.getLogger().error("about %s", event["fail"])
    time.sleep(event.get("sleep", 0))
    return 1 / (not event["fail"])
"""
    create_function("told", source, Timeout=2, LoggingConfig={"LogFormat": "JSON"})
    for event in ({"fail": False}, {"fail": True}, {"fail": False, "sleep": 5}):
        functions.invoke(FunctionName="told", Payload=json.dumps(event))
    events = client(aws, "logs").filter_log_events(logGroupName="/aws/lambda/told")["events"]
    lines = [json.loads(event["message"]) for event in events]
    reports = [line["record"] for line in lines if line.get("type") == "platform.report"]
    starts = [line["record"] for line in lines if line.get("type") == "platform.start"]
    assert [start["requestId"] for start in starts] == [report["requestId"] for report in reports]
    assert [(report["status"], report.get("errorType")) for report in reports] == [
        ("success", None),
        ("error", "ZeroDivisionError"),
        ("timeout", "Sandbox.Timedout"),
    ]
    assert reports[0]["metrics"].keys() == {"durationMs", "memorySizeMB", "maxMemoryUsedMB"}
    assert [line["message"] for line in lines if "message" in line] == ["about False", "about True", "about False"]
    [error] = [line for line in lines if "stackTrace" in line]
    assert (error["errorType"], error["requestId"]) == ("ZeroDivisionError", reports[1]["requestId"])


def test_a_rejected_update_changes_nothing(aws: Any, functions: Any, create_function: Any) -> None:
    create_function("steady", "def handler(event, context): print('still here')")
    unknown = "arn:aws:lambda:eu-west-1:123456789012:layer:unknown:1"
    with pytest.raises(ClientError, match="does not exist"):
        functions.update_function_configuration(
            FunctionName="steady", Layers=[unknown], LoggingConfig={"LogGroup": "/never"}
        )
    functions.invoke(FunctionName="steady")
    groups = [group["logGroupName"] for group in client(aws, "logs").describe_log_groups()["logGroups"]]
    assert "/aws/lambda/steady" in groups
    assert "/never" not in groups


def test_a_layer_is_importable(functions: Any, create_function: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("python/of_layer.py", "ANSWER = 42")
    layer = functions.publish_layer_version(LayerName="answers", Content={"ZipFile": buffer.getvalue()})
    source = "import of_layer\ndef handler(event, context): return of_layer.ANSWER"
    create_function("layered", source, Layers=[layer["LayerVersionArn"]])
    assert json.load(functions.invoke(FunctionName="layered")["Payload"]) == 42
    functions.update_function_configuration(FunctionName="layered", Layers=[])
    assert json.load(functions.invoke(FunctionName="layered")["Payload"])["errorType"] == "Runtime.ImportModuleError"


def test_what_nothing_would_come_of_is_refused(functions: Any, create_function: Any, s3: Any) -> None:
    with pytest.raises(ClientError, match="does not act upon ImageConfig of CreateFunction"):
        create_function("overridden", FAILS, ImageConfig={"Command": ["x"]})
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:works"
    notified = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    with pytest.raises(ClientError, match="does not execute CloudFunctionConfiguration"):
        s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=notified)
    with pytest.raises(ClientError, match="does not execute CreateEventSourceMapping"):
        functions.create_event_source_mapping(
            FunctionName="works", EventSourceArn="arn:aws:sqs:eu-west-1:123456789012:q"
        )
    for version in ({"Qualifier": "1"}, {"FunctionName": "works:1"}):
        with pytest.raises(ClientError, match="Qualifier '1'"):
            functions.invoke(**{"FunctionName": "works", **version})


def test_a_function_may_be_named_in_several_ways(functions: Any, create_function: Any) -> None:
    arn = create_function("named", "def handler(event, context): return 1")
    for name in (arn, f"{arn}:$LATEST", "123456789012:function:named", "named:$LATEST"):
        assert json.load(functions.invoke(FunctionName=name)["Payload"]) == 1


def test_a_package_cannot_write_outside_its_folder(functions: Any, create_function: Any, data: Path) -> None:
    create_function("tricky", "def handler(event, context): return 1")
    buffer = io.BytesIO(zipped("def handler(event, context): return 2"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("../../../escaped.py", "")
        archive.writestr("/tmp/escaped-absolute.py", "")
    functions.update_function_code(FunctionName="tricky", ZipFile=buffer.getvalue())
    assert json.load(functions.invoke(FunctionName="tricky")["Payload"]) == 2
    found = [path for path in data.rglob("escaped*") if not path.is_relative_to(data / "work" / "functions")]
    assert found == []
    assert not Path("/tmp/escaped-absolute.py").exists()
