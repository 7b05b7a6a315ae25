from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from local.guard import called

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
        ("lambda", request(f"{FUNCTIONS}/f/invocations"), ("InvokeFunction", {"FunctionName": "f"})),
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
    assert called(service, given) == expected
