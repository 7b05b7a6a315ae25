"""Code and configuration of Lambda functions: updates, layers, log groups, names, and what is refused."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import ACCOUNT, BUCKET, REGION, Wait, client, zipped

PLAIN = "def handler(event, context): return 1"


def test_new_code_and_configuration_get_fresh_workers(functions: Any, create_function: Any) -> None:
    create_function("renewed", PLAIN)
    call = lambda: json.load(functions.invoke(FunctionName="renewed")["Payload"])  # noqa: E731
    assert call() == 1
    functions.update_function_code(
        FunctionName="renewed",
        ZipFile=zipped("import os\ndef handler(event, context): return os.environ.get('AB', '')"),
    )
    assert call() == ""
    functions.update_function_configuration(FunctionName="renewed", Environment={"Variables": {"AB": "b"}})
    assert call() == "b"


def test_logs_go_to_the_group_that_is_asked_for(aws: Any, functions: Any, create_function: Any, wait: Wait) -> None:
    create_function("elsewhere", "def handler(event, context): print('here')", LoggingConfig={"LogGroup": "/my/logs"})
    functions.invoke(FunctionName="elsewhere")
    logs = client(aws, "logs")

    def look() -> dict[str, Any]:
        events = logs.filter_log_events(logGroupName="/my/logs")["events"]
        return {"seen": "here" in [event["message"] for event in events]}

    wait(look, "seen", True)


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
    unknown = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:unknown:1"
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
        create_function("overridden", PLAIN, ImageConfig={"Command": ["x"]})
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:plain"
    notified = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    with pytest.raises(ClientError, match="does not execute CloudFunctionConfiguration"):
        s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=notified)
    with pytest.raises(ClientError, match="does not execute CreateEventSourceMapping"):
        functions.create_event_source_mapping(FunctionName="plain", EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")
    create_function("plain", PLAIN)
    for version in ({"Qualifier": "1"}, {"FunctionName": "plain:1"}):
        with pytest.raises(ClientError, match="Qualifier '1'"):
            functions.invoke(**{"FunctionName": "plain", **version})


def test_a_function_may_be_named_in_several_ways(functions: Any, create_function: Any) -> None:
    arn = create_function("named", PLAIN)
    for name in (arn, f"{arn}:$LATEST", f"{ACCOUNT}:function:named", "named:$LATEST"):
        assert json.load(functions.invoke(FunctionName=name)["Payload"]) == 1


def test_a_package_cannot_write_outside_its_folder(
    functions: Any, create_function: Any, data: Path, tmp_path: Path
) -> None:
    create_function("tricky", PLAIN)
    buffer = io.BytesIO(zipped("def handler(event, context): return 2"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("../../../escaped.py", "")
        archive.writestr(f"{tmp_path}/escaped-absolute.py", "")
    functions.update_function_code(FunctionName="tricky", ZipFile=buffer.getvalue())
    assert json.load(functions.invoke(FunctionName="tricky")["Payload"]) == 2
    found = [path for path in data.rglob("escaped*") if not path.is_relative_to(data / "work" / "functions")]
    assert found == []
    assert list(tmp_path.iterdir()) == []


def test_what_lambda_does_not_take_is_refused(functions: Any, create_function: Any, s3: Any) -> None:
    invalid, constraint = "InvalidParameterValueException", "ValidationException"
    s3.put_object(Bucket=BUCKET, Key="no.zip", Body=b"no zip")
    refused: list[tuple[dict[str, Any], str]] = [
        ({"Timeout": 901}, constraint),
        ({"MemorySize": 20_000}, constraint),
        ({"Runtime": "python3.99"}, invalid),
        ({"Code": {"ZipFile": b"no zip"}}, invalid),
        ({"Code": {"S3Bucket": BUCKET, "S3Key": "no.zip"}}, invalid),
        ({"Environment": {"Variables": {"A1": "x" * 5000}}}, invalid),
    ]
    for members, code in refused:
        with pytest.raises(ClientError) as raised:
            create_function("refused", PLAIN, **members)
        assert raised.value.response["Error"]["Code"] == code, members
    with pytest.raises(ClientError, match="Function not found"):
        functions.get_function(FunctionName="refused")


def test_payloads_have_the_limits_of_lambda(functions: Any, create_function: Any) -> None:
    create_function(
        "large", "def handler(event, context): return 'x' * event['size'] if 'size' in event else len(str(event))"
    )
    answer = functions.invoke(FunctionName="large", Payload=json.dumps({"size": 7_000_000}))
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "Function.ResponseSizeTooLarge"
    event = json.dumps({"x": "x" * 1_200_000})
    assert json.load(functions.invoke(FunctionName="large", Payload=event)["Payload"]) > 1_200_000
    with pytest.raises(ClientError) as raised:
        functions.invoke(FunctionName="large", Payload=event, InvocationType="Event")
    assert raised.value.response["Error"]["Code"] == "RequestTooLargeException"
