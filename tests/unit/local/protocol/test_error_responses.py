"""Errors as the parsers of botocore's clients read them."""

from typing import Any

import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from local.protocol.error_responses import error_response
from local.protocol.errors import ServiceError

FORM = {"data": {"Action": "Any"}}
CBOR = {"Smithy-Protocol": "rpc-v2-cbor"}


@pytest.mark.parametrize(
    ("service", "protocol", "more"),
    [
        ("sagemaker", "json", {"headers": {"X-Amz-Target": "SageMaker.Any"}}),
        ("lambda", "rest-json", {}),
        ("connect", "rest-json", {"path": "/anything"}),
        ("iam", "query", FORM),
        ("ec2", "ec2", FORM),
        ("s3", "rest-xml", {}),
        ("route53", "rest-xml", {}),
        ("monitoring", "smithy-rpc-v2-cbor", {"headers": CBOR}),
        ("", "rest-xml", {}),
        ("", "rest-json", {}),
        ("mediastore", "rest-json", {"method": "HEAD"}),
    ],
)
def test_code_and_message_are_found_in_each_protocol(service: str, protocol: str, more: dict[str, Any]) -> None:
    signature = {"Authorization": f"AWS4-HMAC-SHA256 Credential=K/20260101/eu-west-1/{service}/aws4_request, …"}
    headers = {**(signature if service else {}), **more.get("headers", {})}
    request = Request(EnvironBuilder(**{"method": "POST", **more, "headers": headers}).get_environ())
    made = error_response(ServiceError("NotImplemented", "Not <here>", 501), request)
    body = b"" if request.method == "HEAD" else made.get_data()
    answer = {"headers": HeadersDict(dict(made.headers)), "status_code": made.status_code, "body": body}
    error = create_parser(protocol).parse({**answer, "context": {"operation_name": "Any"}}, None)["Error"]
    assert error["Code"] == "NotImplemented"
    assert "Not <here>" in error["Message"] or not service or not body
