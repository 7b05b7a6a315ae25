from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.states.tasks.executions import selected
from local.states.tasks.objects import complete
from local.states.tasks.queues import check_host, named
from local.states.tasks.services import error_prefix


@pytest.mark.parametrize(
    ("service", "prefix"),
    [("s3", "S3"), ("dynamodb", "DynamoDb"), ("sfn", "Sfn"), ("sagemakerruntime", "SageMakerRuntime"), ("sqs", "Sqs")],
)
def test_errors_begin_with_the_name_that_the_sdk_for_java_has(service: str, prefix: str) -> None:
    assert error_prefix(service) == prefix


@pytest.mark.parametrize(
    ("code", "name"),
    [("MissingParameter", "SQS.AmazonSQSException"), ("QueueDoesNotExist", "SQS.QueueDoesNotExistException")],
)
def test_what_sqs_refuses_has_its_code_in_the_cause(code: str, name: str) -> None:
    response = {
        "Error": {"Code": code, "Message": "No."},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r"},
    }
    cause = f"No. (Service: AmazonSQS; Status Code: 400; Error Code: {code}; Request ID: r; Proxy: null)"
    assert named(response) == (name, cause)


def test_a_host_that_aws_would_not_find_is_an_error_of_the_client() -> None:
    with pytest.raises(ClientError) as caught:
        check_host("http://no-such-queue")
    unreachable = "Unable to execute HTTP request: no-such-queue: Name or service not known"
    assert named(caught.value.response) == ("SQS.SdkClientException", unreachable)


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "sqs.eu-west-1.amazonaws.com"])
def test_queues_of_aws_and_of_this_machine_are_found(host: str) -> None:
    check_host(f"https://{host}/1/q")


def test_objects_are_encrypted() -> None:
    put: dict[str, Any] = {"ChecksumCRC32": "x"}
    complete("put_object", put)
    assert put == {"ChecksumCRC32": "x", "ChecksumType": "FULL_OBJECT", "ServerSideEncryption": "AES256"}
    listed: dict[str, Any] = {}
    complete("list_objects_v2", listed)
    assert listed == {}


def test_a_nested_execution_says_nothing_of_redriving() -> None:
    answer = {"executionArn": "a", "redriveCount": 0, "inputDetails": {"included": True}}
    assert selected(dict, answer) == {"executionArn": "a", "inputDetails": {"included": True}}
