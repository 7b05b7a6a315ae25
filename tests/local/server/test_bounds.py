"""What is too large, too deep or no text at all is refused with an error of its protocol, and the server goes on."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from local.protocol.documents import MOST_LEVELS
from local.server.embedded import LocalAws
from tests.local.server.signing import send, signed
from tests.local.support import BUCKET, ROLE, client

LEVELS = 100_000
DEEP = {
    "objects": '{"a":' * LEVELS + "1" + "}" * LEVELS,
    "lists": "[" * LEVELS,
    "objects of a depth that Python reads": '{"a":' * 900 + "1" + "}" * 900,
}
JSON = {"X_Amz_Target": "SageMaker.ListModels"}
CBOR = "POST /service/GraniteServiceVersion20100801/operation/PutMetricData"


@pytest.fixture(autouse=True)
def goes_on(aws: LocalAws) -> Iterator[None]:
    yield
    assert client(aws, "sts").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize(
    ("line", "service", "headers"),
    [
        ("POST /", "sagemaker", JSON),
        ("POST /", "sqs", {"X_Amz_Target": "AmazonSQS.CreateQueue"}),
        ("POST /2015-03-31/functions/", "lambda", {}),
        ("PUT /2015-03-31/functions/f/configuration", "lambda", {}),
    ],
)
def test_json_that_is_nested_deeply_is_refused(
    aws: LocalAws, kind: str, line: str, service: str, headers: dict[str, str]
) -> None:
    body = '{"Environment": {"Variables": ' + DEEP[kind] + "}}"
    answer = send(signed(aws, line, service, body.encode(), **headers))
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "SerializationException"), answer.data


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize(
    ("service", "operation", "members"),
    [
        ("sagemaker", "create_pipeline", {"PipelineName": "deep", "RoleArn": ROLE, "PipelineDefinition": "{}"}),
        ("stepfunctions", "create_state_machine", {"name": "deep", "roleArn": ROLE, "definition": "{}"}),
        ("events", "put_rule", {"Name": "deep", "EventPattern": "{}"}),
        ("events", "put_events", {"Entries": [{"Source": "s", "DetailType": "t", "Detail": "{}"}]}),
        ("iam", "create_role", {"RoleName": "deep", "AssumeRolePolicyDocument": "{}"}),
        ("cloudformation", "create_stack", {"StackName": "deep", "TemplateBody": "{}"}),
        ("cloudformation", "validate_template", {"TemplateBody": "{}"}),  # parsed in C, which ended the server
        ("sqs", "create_queue", {"QueueName": "deep", "Attributes": {"Policy": "{}"}}),
    ],
)
def test_a_document_that_is_nested_deeply_is_refused(
    aws: LocalAws, service: str, operation: str, members: dict[str, Any], kind: str
) -> None:
    deep = json.loads(json.dumps(members).replace('"{}"', json.dumps(DEEP[kind])))
    with pytest.raises(ClientError) as caught:
        getattr(client(aws, service), operation)(**deep)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert f"at most {MOST_LEVELS} levels" in answer["Error"]["Message"]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"
TEMPLATES = {
    "billion laughs": (LAUGHS + QUEUE, "aliases are not allowed"),
    "deep lists in blocks": ("- " * 20_000 + "\n", "nested too deeply"),
    "deep lists": ("[" * 20_000, "nested too deeply"),
    "an object of Python": (f"Description: !!python/object/apply:os.system [exit]\n{QUEUE}", "is not allowed"),
    "too long": (f"{QUEUE}# {'x' * 1_000_000}", "may not exceed"),
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("operation", ["create_stack", "validate_template", "create_stack from S3"])
def test_a_hostile_template_is_refused(aws: LocalAws, template: str, operation: str) -> None:
    text, complaint = TEMPLATES[template]
    cloudformation, s3 = client(aws, "cloudformation"), client(aws, "s3")
    s3.put_object(Bucket=BUCKET, Key="template", Body=text.encode())
    given = {"TemplateBody": text}
    if operation == "create_stack from S3":
        given = {"TemplateURL": f"https://s3.amazonaws.com/{BUCKET}/template"}
    if operation != "validate_template":
        given["StackName"] = "hostile"
    with pytest.raises(ClientError, match=complaint):
        getattr(cloudformation, operation.removesuffix(" from S3"))(**given)


@pytest.mark.parametrize(
    ("line", "service", "body", "headers"),
    [
        ("POST /", "sagemaker", b'{"NameContains": "\xff"}', JSON),
        ("POST /", "sqs", b"\xff\xfe", {"X_Amz_Target": "AmazonSQS.CreateQueue"}),
        ("POST /2015-03-31/functions", "lambda", b'{"FunctionName": "\xff"}', {}),
        ("POST /2015-03-31/functions/", "lambda", b'{"FunctionName":', {}),
        ("POST /2015-03-31/functions/", "lambda", b"[1]", {}),
        ("POST /", "sns", b"Action=CreateTopic&Name=\xff", {"Content_Type": "application/x-www-form-urlencoded"}),
        (CBOR, "monitoring", b"\x81" * LEVELS + b"\x01", {"smithy_protocol": "rpc-v2-cbor"}),
        (CBOR, "monitoring", b"\xbb\xff", {"smithy_protocol": "rpc-v2-cbor"}),
        (CBOR, "monitoring", b"\xa1\x61\xff\x01", {"smithy_protocol": "rpc-v2-cbor"}),
        (f"PUT /{BUCKET}?notification", "s3", b"\xff", {}),
        (f"PUT /{BUCKET}?tagging", "s3", b"\xff", {}),
        *(
            (line, "s3", body, {})
            for line, root in (
                ("PUT /new-bucket", "CreateBucketConfiguration"),
                (f"PUT /{BUCKET}?tagging", "Tagging"),
                (f"PUT /{BUCKET}/key?tagging", "Tagging"),
                (f"PUT /{BUCKET}?publicAccessBlock", "PublicAccessBlockConfiguration"),
                (f"PUT /{BUCKET}?notification", "NotificationConfiguration"),
                (f"POST /{BUCKET}?delete", "Delete"),
                (f"POST /{BUCKET}/key?uploadId=none", "CompleteMultipartUpload"),
            )
            for body in (b"<foo/>", f"<{root}>text</{root}>".encode(), f"<{root}><foo/></{root}>".encode())
        ),
        (f"PUT /{BUCKET}?tagging", "s3", b"<Tagging/>", {}),
        (f"PUT /{BUCKET}?tagging", "s3", b"<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>", {}),
        (f"POST /{BUCKET}?delete", "s3", b"<Delete><Object><Key>k</Key></Object><Object/></Delete>", {}),
        (f"PUT /{BUCKET}?tagging", "s3", b'<!DOCTYPE l [<!ENTITY a "b">]><Tagging>&a;</Tagging>', {}),
    ],
)
def test_a_body_that_cannot_be_read_is_the_clients_fault(
    aws: LocalAws, line: str, service: str, body: bytes, headers: dict[str, str]
) -> None:
    answer = send(signed(aws, line, service, body, **headers))
    assert answer.status == 400, answer.data
    assert b"SerializationException" in answer.data or b"<Code>MalformedXML</Code>" in answer.data


def test_a_body_is_bounded(aws: LocalAws) -> None:
    for line, service, size, code in (
        ("POST /", "sagemaker", 70 * 2**20 + 1, b"RequestTooLargeException"),
        (f"PUT /{BUCKET}/large", "s3", 2**30 + 1, b"EntityTooLarge"),
    ):
        request = signed(aws, line, service, b"", **(JSON if service == "sagemaker" else {}))
        said = send(request, headers={"Content-Length": str(size)}, body=None)
        assert (said.status, code in said.data, str(size - 1).encode() in said.data) == (413, True, True), said.data


def test_a_body_of_unknown_length_is_bounded(aws: LocalAws) -> None:
    request = signed(aws, "POST /", "sagemaker", b"", **JSON)
    pieces = (b" " * 2**20 for _ in range(71))
    answer = send(request, headers={"Transfer-Encoding": "chunked"}, body=pieces)
    assert (answer.status, b"RequestTooLargeException" in answer.data) == (413, True), answer.data


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999999999999", "1, 2"])
def test_a_length_that_is_no_number_is_refused(aws: LocalAws, length: str) -> None:
    request = signed(aws, "POST /", "sagemaker", b"", **JSON)
    answer = send(request, headers={"Content-Length": length}, body=None)
    assert (answer.status, b"Content-Length is not a number" in answer.data) == (400, True)


def test_an_archive_of_200_mb_is_stored(aws: LocalAws) -> None:
    s3, size = client(aws, "s3"), 200 * 10**6
    s3.put_object(Bucket=BUCKET, Key="one", Body=bytes(size))
    assert s3.head_object(Bucket=BUCKET, Key="one")["ContentLength"] == size
    s3.delete_object(Bucket=BUCKET, Key="one")


def test_an_archive_is_stored_in_parts(aws: LocalAws) -> None:
    s3, size = client(aws, "s3"), 40 * 10**6  # five parts, each a request of its own
    s3.upload_fileobj(io.BytesIO(bytes(size)), BUCKET, "parts")
    found = s3.head_object(Bucket=BUCKET, Key="parts")
    assert (found["ContentLength"], found["ETag"].endswith('-5"')) == (size, True)
    s3.delete_object(Bucket=BUCKET, Key="parts")


def test_a_stranger_costs_no_memory(aws: LocalAws) -> None:
    """A body is not read before it is known whose it could be."""
    headers = {"Content-Length": str(10**9), "X-Amz-Target": "SageMaker.ListModels"}
    assert urllib3.request("POST", aws.endpoint_url, headers=headers, timeout=20, retries=False).status == 403
