from typing import Any

import pytest
from moto.core.request import Request
from werkzeug.test import EnvironBuilder

from local.protocol.calls import read_call

FUNCTIONS = "/2015-03-31/functions"


def request(path: str, method: str = "POST", **more: Any) -> Request:
    return Request(EnvironBuilder(path, method=method, **more).get_environ())


@pytest.mark.parametrize(
    ("service", "given", "expected"),
    [
        (
            "sqs",
            request("/", headers={"X-Amz-Target": "AmazonSQS.SendMessage"}, data='{"QueueUrl": "u"}'),
            ("SendMessage", {"QueueUrl": "u"}),
        ),
        (
            "sns",
            request("/", data={"Action": "Publish", "TopicArn": "arn:t"}),
            ("Publish", {"Action": "Publish", "TopicArn": "arn:t"}),
        ),
        ("sagemaker", request("/endpoints/e/invocations"), ("InvokeEndpoint", {"EndpointName": "e"})),
        ("lambda", request(f"{FUNCTIONS}/f/invocations"), ("Invoke", {"FunctionName": "f"})),
        ("lambda", request(f"{FUNCTIONS}/f", "GET"), ("GetFunction", {"FunctionName": "f"})),
        (
            "lambda",
            request(f"{FUNCTIONS}/f/configuration", "PUT"),
            ("UpdateFunctionConfiguration", {"FunctionName": "f"}),
        ),
        ("lambda", request(f"{FUNCTIONS}/", "GET"), ("ListFunctions", {})),
        (
            "monitoring",
            request("/service/GraniteServiceVersion20100801/operation/PutMetricData"),
            ("PutMetricData", {}),
        ),
        ("lambda", request("/nothing/like/it", "GET"), ("Unknown", {})),
    ],
)
def test_the_operation_is_found_in_each_protocol(service: str, given: Request, expected: tuple[str, Any]) -> None:
    call = read_call(given, service, "key")
    assert (call.service, call.access_key, call.operation, call.members) == (service, "key", *expected)


def test_members_are_in_path_query_headers_and_body() -> None:
    headers = {"X-Amz-Invocation-Type": "Event"}
    call = read_call(request(f"{FUNCTIONS}/f/invocations?Qualifier=1", headers=headers, data="[1]"), "lambda", "k")
    assert call.members == {"FunctionName": "f", "Qualifier": "1", "InvocationType": "Event", "Payload": b"[1]"}
    given = request(f"{FUNCTIONS}/f/configuration", "PUT", headers=headers, data='{"Timeout": 3}')
    call = read_call(given, "lambda", "k")
    assert call.members == {"FunctionName": "f", "Timeout": 3}
    assert given.environ["wsgi.input"].read() == b'{"Timeout": 3}', "moto reads it again"
