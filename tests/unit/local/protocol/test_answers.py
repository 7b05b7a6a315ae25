"""What moto answers, as its clients' parsers see it."""

from typing import Any

import pytest
from moto.core.request import Request
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from local.protocol.answers import check_answer, failure
from local.protocol.errors import ServiceError
from local.protocol.operations import Named, named

FUNCTION = Request(EnvironBuilder("/2015-03-31/functions/f", method="GET").get_environ())
GET_FUNCTION = named(FUNCTION, "lambda")
PAGE = "<!doctype html><title>404 Not Found</title>"


def refused(response: Response, operation: Named = GET_FUNCTION) -> tuple[str, int]:
    with pytest.raises(ServiceError) as raised:
        check_answer(response, operation)
    assert operation.operation in raised.value.message or raised.value.code != "NotImplemented"
    return raised.value.code, raised.value.status


def test_answers_that_a_client_understands_pass() -> None:
    check_answer(Response('{"Configuration": {"FunctionName": "f"}}', 200), GET_FUNCTION)
    check_answer(Response('{"Message": "gone"}', 404, {"x-amzn-ErrorType": "ResourceNotFoundException"}), GET_FUNCTION)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (Response(PAGE, 404), ("NotImplemented", 501)),
        (Response("", 405), ("NotImplemented", 501)),
        (Response("", 404), ("ResourceNotFoundException", 404)),
        (Response("Function f is not there", 404), ("ResourceNotFoundException", 404)),
        (Response('{"__type": "404"}', 400), ("InvalidParameterValueException", 400)),
        (Response("<html>Internal Server Error</html>", 500), ("InternalFailure", 500)),
        (Response(PAGE, 200), ("NotImplemented", 501)),
        (Response("[1]", 200), ("InternalFailure", 500)),
    ],
)
def test_other_answers_become_typed_errors(response: Response, expected: tuple[str, int]) -> None:
    assert refused(response) == expected


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (NotImplementedError("x"), "NotImplemented", "The local AWS does not implement GetFunction of lambda"),
        (KeyError("f"), "ResourceNotFoundException", "There is no 'f', which GetFunction names"),
        (KeyError("other"), "InternalFailure", "The local AWS failed in GetFunction of lambda: KeyError: 'other'"),
        (KeyError("eu-west-1"), "NotImplemented", "The local AWS has no lambda in eu-west-1"),
        (TypeError("None"), "InternalFailure", "The local AWS failed in GetFunction of lambda: TypeError: None"),
    ],
)
def test_exceptions_of_moto_name_the_operation(error: Exception, code: str, text: str) -> None:
    made = failure(error, GET_FUNCTION, {"FunctionName": "f"})
    assert (made.code, made.message) == (code, text)


@pytest.mark.parametrize(
    ("service", "path", "more", "expected"),
    [
        ("events", "/", {"headers": {"X-Amz-Target": "AWSEvents.PutRule"}}, ("events", "PutRule", "json")),
        ("dynamodb", "/", {"headers": {"X-Amz-Target": "DynamoDBStreams_20120810.GetRecords"}},
         ("dynamodbstreams", "GetRecords", "json")),
        ("ec2", "/", {"data": {"Action": "DescribeVpcs"}}, ("ec2", "DescribeVpcs", "ec2")),
        ("monitoring", "/service/GraniteServiceVersion20100801/operation/ListMetrics", {},
         ("cloudwatch", "ListMetrics", "smithy-rpc-v2-cbor")),
        ("route53", "/2013-04-01/hostedzone", {"method": "GET"}, ("route53", "ListHostedZones", "rest-xml")),
        ("sqs", "/", {"headers": {"X-Amz-Target": "AmazonSQS.Nonsense"}}, ("sqs", "Nonsense", "json")),
        ("lambda", "/nothing", {"method": "GET"}, ("lambda", "GET /nothing", "rest-json")),
    ],
)  # fmt: skip
def test_an_operation_is_named_in_each_protocol(
    service: str, path: str, more: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    found = named(Request(EnvironBuilder(path, **{"method": "POST", **more}).get_environ()), service)
    assert (found.service, found.operation, found.protocol) == expected
