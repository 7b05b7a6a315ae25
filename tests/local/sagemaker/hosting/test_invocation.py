"""InvokeEndpoint: a real model server answers, refuses, or fails."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3
from botocore.exceptions import ClientError

Ask = Callable[..., dict[str, Any]]

IGNORED = {  # what InvokeEndpoint would ignore
    "TargetModel": "m.tar.gz",
    "TargetContainerHostname": "first",
    "InferenceComponentName": "part",
    "EnableExplanations": "`true`",
    "SessionId": "NEW_SESSION",
}


@pytest.fixture(scope="module")
def endpoint(serve: Any) -> str:
    serve("invoked")
    return "invoked"


def test_an_endpoint_answers(runtime: Any, endpoint: str) -> None:
    answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"12345", ContentType="image/png")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["ContentType"] == "application/json"
    prediction = json.load(answer["Body"])
    assert (prediction["model"], prediction["size"], prediction["greeting"]) == ("AllTraffic", 5, "hello")


def test_many_requests_at_once(ask: Ask, endpoint: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        sizes = list(pool.map(lambda n: ask(endpoint, b"x" * n)["size"], range(1, 101)))
    assert sizes == list(range(1, 101))


def test_errors_of_the_model_are_model_errors(runtime: Any, endpoint: str) -> None:
    with pytest.raises(ClientError) as server:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"crash")
    assert server.value.response["Error"]["Code"] == "ModelError"
    assert server.value.response["OriginalStatusCode"] == 500
    assert "the model is confused" in server.value.response["OriginalMessage"]
    with pytest.raises(ClientError, match="Received client error") as refused:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", ContentType="application/x-bad")
    assert refused.value.response["OriginalStatusCode"] == 415
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424


def test_a_model_server_answers_its_local_aws_alone(data: Path, endpoint: str) -> None:
    local_aws = psutil.Process(json.loads((data / "server.json").read_text())["pid"])
    found = [process.cmdline() for process in local_aws.children(recursive=True)]
    ports = {command[-1] for command in found if "containers.serving" in command}
    assert ports
    for port in ports:
        for headers in ({}, {"X-Model-Server-Key": "guessed"}):
            url = f"http://127.0.0.1:{port}"
            assert urllib3.request("POST", f"{url}/invocations", body=b"12345", headers=headers).status == 403, endpoint
            assert urllib3.request("GET", f"{url}/ping", headers=headers).status == 403


def test_requests_that_cannot_be_served_are_refused(runtime: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationError.*Endpoint nobody of account 123456789012 not found"):
        runtime.invoke_endpoint(EndpointName="nobody", Body=b"x")
    with pytest.raises(ClientError, match="at most 6291456 are allowed"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x" * 6_291_457)


@pytest.mark.parametrize("member", IGNORED)
def test_members_that_nothing_comes_of_are_refused(runtime: Any, endpoint: str, member: str) -> None:
    with pytest.raises(ClientError, match=f"does not act upon {member} of InvokeEndpoint"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", **{member: IGNORED[member]})
