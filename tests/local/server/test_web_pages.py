"""What a web page in a browser of this machine can send; and moto's doors for tests, which are gone."""

import json
import re
import socket
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.server.embedded import LocalAws
from tests.local.support import BUCKET, client

EVIL = "https://evil.example"
START = json.dumps({"PipelineName": "p"})
ATTACKS = {
    "fetch without CORS": ("POST /", {"Origin": EVIL, "Content-Type": "text/plain"}, START),
    "fetch of a sandboxed frame": ("POST /", {"Origin": "null", "Content-Type": "text/plain"}, START),
    "fetch with CORS": ("GET /tests-bucket", {"Origin": EVIL}, ""),
    "page of another server on this machine": ("POST /", {"Origin": "http://127.0.0.1:1"}, START),
    "page that the browser loaded by TLS": ("POST /", {"Origin": "https://{host}"}, START),
    "preflight": ("OPTIONS /", {"Origin": EVIL, "Access-Control-Request-Method": "PUT"}, ""),
    "preflight without Origin": ("OPTIONS /tests-bucket/key", {"Access-Control-Request-Method": "PUT"}, ""),
    "form": ("POST /", {"Origin": EVIL, "Content-Type": "application/x-www-form-urlencoded"}, "Action=CreateQueue"),
    "form with a file": ("POST /tests-bucket", {"Origin": EVIL, "Content-Type": "multipart/form-data; boundary=x"}, ""),
    "WebSocket": ("GET /", {"Origin": EVIL, "Connection": "Upgrade", "Upgrade": "websocket"}, ""),
    "DNS rebinding": ("POST /", {"Host": "evil.example:{port}", "X-Amz-Target": "SageMaker.ListPipelines"}, "{}"),
    "DNS rebinding without port": ("GET /", {"Host": "evil.example"}, ""),
    "name that begins like ours": ("GET /", {"Host": "localhost.evil.example:{port}"}, ""),
    "name that ends like ours": ("GET /", {"Host": "tests-bucket.localhost:{port}"}, ""),
    "port of another": ("GET /", {"Host": "127.0.0.1:1"}, ""),
    "no port": ("GET /", {"Host": "127.0.0.1"}, ""),
    "AWS by name": ("GET /", {"Host": "s3.amazonaws.com"}, ""),
    "proxy": ("GET http://evil.example/", {}, ""),
    "no host": ("GET /", {"Host": ""}, ""),
    "health": ("GET /_health", {"Origin": EVIL}, ""),
    "health by rebinding": ("GET /_health", {"Host": "evil.example:{port}"}, ""),
}


def send(aws: LocalAws, line: str, headers: dict[str, str], body: str = "") -> tuple[int, dict[str, str], str]:
    """Sends a request as it stands; status, headers and body of the answer."""
    address = urlsplit(aws.endpoint_url)
    all_headers = {"Host": address.netloc, "Content-Length": str(len(body)), **headers}
    filled = {key: text.format(host=address.netloc, port=address.port) for key, text in all_headers.items()}
    lines = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in filled.items()), "", body]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        answer = HTTPResponse(connection)
        answer.begin()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read().decode("latin-1")


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_is_refused(aws: LocalAws, attack: str) -> None:
    status, headers, body = send(aws, *ATTACKS[attack])
    assert (status, "AccessDenied" in body, "web pages" in body) == (403, True, True), body
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "upgrade" not in headers


@pytest.mark.parametrize(
    ("headers", "pattern"),
    [
        ({"X-Amz-Target": "SageMaker.ListPipelines"}, r'^\{"__type": "AccessDenied", "message": "[^"]+"'),
        ({"Content-Type": "application/x-www-form-urlencoded"}, r"^<ErrorResponse><Error>.*<Code>AccessDenied</Code>"),
        ({}, r"^<Error><Code>AccessDenied</Code><Message>[^<]+</Message>"),
        ({"Smithy-Protocol": "rpc-v2-cbor"}, r"^.z....__typez....AccessDeniedz"),
    ],
)
def test_a_refusal_can_be_read_by_the_clients_of_a_service(
    aws: LocalAws, headers: dict[str, str], pattern: str
) -> None:
    status, _, body = send(aws, "POST /", {**headers, "Origin": EVIL})
    assert status == 403
    assert re.match(pattern, body, re.DOTALL), body


def test_an_image_does_nothing(aws: LocalAws) -> None:
    """`<img src=…>` names no origin; the request is like any that nobody signed."""
    status, headers, body = send(aws, f"GET /{BUCKET}?delete", {"Sec-Fetch-Mode": "no-cors", "Accept": "image/*"})
    assert status == 403, body
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path",
    [
        "/moto-api",
        "/moto-api/",
        "/moto-api/data.json",
        "/moto-api/reset",
        "/moto-api/reset-auth",
        "/moto-api/seed?a=1",
        "/moto-api/config",
        "/moto-api/proxy/passthrough",
        "/moto-api/recorder/download-recording",
        "/moto-api/state-manager/get-transition",
        "//moto-api/data.json",
        "/%6doto-api/data.json",
        "/favicon.ico",
        "/latest/meta-data/iam/security-credentials/default-role/",
        "/latest/api/token",
        "/s3_eu-west-1/anything",
        "/cloudformation_eu-west-1/cfnresponse",
        "/eu-west-1_pool/.well-known/jwks.json",
        "/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_the_doors_of_moto_are_gone(aws: LocalAws, path: str, method: str) -> None:
    status, _, body = send(aws, f"{method} {path}", {})
    assert status == 403, body
    assert "Code>AccessDenied<" in body


def test_a_bucket_may_be_named_like_a_door(aws: LocalAws) -> None:
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket="moto-api", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="moto-api", Key="reset", Body=b"kept")
    assert s3.get_object(Bucket="moto-api", Key="reset")["Body"].read() == b"kept"


def test_nobody_chooses_the_account(aws: LocalAws) -> None:
    def add(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = "9" * 12

    sts = client(aws, "sts")
    sts.meta.events.register("before-sign", add)
    assert sts.get_caller_identity()["Account"] == "123456789012"


def test_a_client_may_name_the_server_localhost(aws: LocalAws) -> None:
    other = LocalAws(aws.endpoint_url.replace("127.0.0.1", "localhost"), aws.environment)
    assert client(other, "s3").head_bucket(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 200
    permitted = {"Origin": "http://{host}"}
    assert "web pages" not in send(aws, "GET /", permitted)[2]
