"""A local AWS proves itself to the owner of any key that it gave out; nobody else can take its place."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
import urllib3

from local.server.embedded import LocalAws, answers, shown
from tests.local.server.signing import keys
from tests.local.support import REGION, ROLE, client


def with_key(aws: LocalAws, key: str, secret: str, token: str = "", url: str = "") -> LocalAws:
    """What commands find in a shell with these settings."""
    settings = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
    found = shown({"AWS_ENDPOINT_URL": url or aws.endpoint_url, **settings})
    assert found
    return found


@pytest.fixture
def session(aws: LocalAws) -> tuple[str, str, str]:
    """Key, secret and token of an assumed role."""
    made = client(aws, "sts").assume_role(RoleArn=ROLE, RoleSessionName="somebody")["Credentials"]
    return made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]


def test_it_proves_itself_to_whoever_it_gave_a_key(aws: LocalAws, session: tuple[str, str, str]) -> None:
    iam = client(aws, "iam")
    iam.create_user(UserName="of-health")
    made = iam.create_access_key(UserName="of-health")["AccessKey"]
    handed_out = client(aws, "sts").get_session_token()["Credentials"]
    for caller in (
        keys(aws),
        session,
        (made["AccessKeyId"], made["SecretAccessKey"]),
        (handed_out["AccessKeyId"], handed_out["SecretAccessKey"], handed_out["SessionToken"]),
    ):
        assert answers(with_key(aws, *caller)), caller[0]


def test_it_proves_nothing_to_others(aws: LocalAws, session: tuple[str, str, str]) -> None:
    key, secret, token = session
    assert not answers(with_key(aws, key, "wrong", token))
    assert not answers(with_key(aws, key, keys(aws)[1], token))
    assert not answers(with_key(aws, "ASIALOCALUNKNOWNUNKN", secret, token))
    unnamed = urllib3.request("GET", f"{aws.endpoint_url}/_health?nonce=1")
    assert unnamed.json() == {"unknown_key": True}


def test_the_token_goes_with_the_key(aws: LocalAws, session: tuple[str, str, str]) -> None:
    variables = with_key(aws, *session).environment
    sts = boto3.Session(*session[:2], variables["AWS_SESSION_TOKEN"], region_name=REGION).client(
        "sts", endpoint_url=variables["AWS_ENDPOINT_URL"]
    )
    assert sts.get_caller_identity()["Arn"].endswith(":assumed-role/tests/somebody")


@pytest.fixture
def relay(aws: LocalAws) -> Iterator[str]:
    """The address of a stranger who knows no secret, and passes all questions on to the local AWS."""

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = urllib3.request("GET", aws.endpoint_url + self.path)
            asked.append(answer.json())
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            self.wfile.write(answer.data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    asked: list[Any] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    assert all("proof" in answer for answer in asked)
    assert asked


def test_who_passes_the_question_on_is_not_taken_for_it(
    aws: LocalAws, relay: str, session: tuple[str, str, str]
) -> None:
    assert not answers(with_key(aws, *session, url=relay))
    assert not answers(with_key(aws, *keys(aws), url=relay))
