from datetime import UTC, datetime
from typing import Any

import pytest

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_protocol import check, operation_model, read, shaped

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.mark.parametrize(
    ("operation", "request_", "complaint"),
    [
        ("DescribeEndpoint", {}, 'Missing required parameter in input: "EndpointName"'),
        ("DescribeEndpoint", {"EndpointName": 1}, "Invalid type for parameter EndpointName, value: 1"),
        ("DescribeEndpoint", {"EndpointName": "e", "Colour": "red"}, 'Unknown parameter in input: "Colour"'),
        ("DescribeEndpoint", {"EndpointName": "a b"}, r"regular expression pattern: \[a-zA-Z0-9\]"),
        ("DescribeEndpoint", {"EndpointName": "a" * 64}, "length less than or equal to 63"),
        ("ListEndpoints", {"MaxResults": 101}, "value less than or equal to 100"),
        ("ListEndpoints", {"MaxResults": 0}, "valid min value: 1"),
        ("ListEndpoints", {"StatusEquals": "Fine"}, r"enum value set: \[OutOfService"),
        ("DescribeModel", {"ModelName": ""}, "regular expression pattern|valid min length"),
        (
            "CreateModel",
            {"ModelName": "m", "Containers": [{"Environment": {"A": 1}}]},
            r"Invalid type for parameter Containers\[0\].Environment.A",
        ),
    ],
)
def test_requests_that_break_the_model(operation: str, request_: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        check(operation_model("sagemaker", operation), request_)


def test_a_request_that_keeps_to_the_model() -> None:
    request = {
        "ModelName": "m",
        "ExecutionRoleArn": ROLE,
        "PrimaryContainer": {"Image": "i"},
        "EnableNetworkIsolation": True,
    }
    check(operation_model("sagemaker", "CreateModel"), request)


def test_problems_are_counted() -> None:
    with pytest.raises(ValidationError, match="2 validation errors detected: Value 'a b' at 'endpointName'"):
        check(operation_model("sagemaker", "CreateEndpoint"), {"EndpointName": "a b", "EndpointConfigName": "c d"})
    environment = {"ModelName": "m", "PrimaryContainer": {"Environment": {"A": "x" * 1025}}}
    with pytest.raises(
        ValidationError, match=r"at 'primaryContainer.environment.A.member'.*less than or equal to 1024"
    ):
        check(operation_model("sagemaker", "CreateModel"), environment)


def test_answers_hold_what_the_model_has() -> None:
    shape = operation_model("sagemaker", "DescribeEndpoint").output_shape
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    variants = [{"VariantName": "v", "Secret": 1}]
    answer = shaped(shape, {"EndpointName": "e", "CreationTime": moment, "Tags": [], "ProductionVariants": variants})
    expected = {"EndpointName": "e", "CreationTime": moment.timestamp(), "ProductionVariants": [{"VariantName": "v"}]}
    assert answer == expected


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_bodies_that_are_no_request(body: bytes) -> None:
    with pytest.raises(ServiceError, match="is not"):
        read(body)


def test_null_is_as_good_as_absent() -> None:
    assert read(b'{"a": null, "b": {"c": null, "d": 0}}') == {"b": {"d": 0}}


def test_an_unknown_operation() -> None:
    with pytest.raises(ServiceError, match="no operation 'MakeCoffee'"):
        operation_model("sagemaker", "MakeCoffee")
