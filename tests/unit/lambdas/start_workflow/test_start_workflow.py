"""`start_workflow`, from S3's event to StartExecution."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from unit.lambdas.context import CONTEXT

from lambdas.shared.clients import client
from lambdas.shared.errors import ConfigurationError, InvalidRequest, WorkflowNotStarted
from lambdas.start_workflow.handler import handler
from lambdas.start_workflow.upload import Upload

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:inference"
ARN = f"{MACHINE.replace('stateMachine', 'execution')}:name"
OBJECT = {"key": "photos/a.png", "size": 5, "etag": "e1", "version-id": "v1", "sequencer": "01"}
HARD = [
    "photos/a b+c%20ü.png",
    "photos/自転車.png",
    "photos/" + "x" * 1017,
    "photos//a?b&c=d#e",
    "photos/a+b",
]


def event(bucket: str = "bucket", **changes: Any) -> dict[str, Any]:
    """S3's event about an object; None leaves a member of it out."""
    members = {key: value for key, value in {**OBJECT, **changes}.items() if value is not None}
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "resources": ["arn:aws:s3:::bucket"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": members,
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": "123456789012",
            "source-ip-address": "1.2.3.4",
            "reason": "PutObject",
        },
    }


def name(**changes: Any) -> str:
    return Upload.parse(event(**changes)).execution_name


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setenv("STATE_MACHINE_ARN", MACHINE)
    with Stubber(client("stepfunctions")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_an_upload_starts_an_execution_that_knows_what_was_uploaded(states: Stubber, log: io.StringIO) -> None:
    given = {"s3_bucket": "bucket", "s3_key": "photos/a.png", "s3_version_id": "v1", "s3_etag": "e1"}
    expected = {"stateMachineArn": MACHINE, "name": name(), "input": json.dumps(given)}
    states.add_response("start_execution", {"executionArn": ARN, "startDate": 0}, expected)
    assert handler(event(), CONTEXT) == {"action": "started", "execution_name": name()}
    line = json.loads(log.getvalue())
    assert line.items() >= {**given, "action": "started", "event_id": event()["id"], "size": 5}.items()


def test_an_event_that_comes_again_starts_nothing(states: Stubber) -> None:
    states.add_client_error("start_execution", "ExecutionAlreadyExists", "said so", 400)
    assert handler(event(), CONTEXT) == {"action": "already_started", "execution_name": name()}


@pytest.mark.parametrize(("changes", "why"), [({"key": "photos/"}, "folder"), ({"size": 0}, "empty")])
def test_what_cannot_be_a_photo_is_skipped_and_logged(
    changes: dict[str, Any], why: str, states: Stubber, log: io.StringIO
) -> None:
    answer = handler(event(**changes), CONTEXT)
    assert answer["action"] == "skipped"
    assert why in answer["reason"]
    assert json.loads(log.getvalue())["reason"] == answer["reason"]


def test_the_same_upload_has_one_name_and_another_has_another() -> None:
    assert name(etag="e2", sequencer="02", size=6) == name()  # it is the version that counts, where there is one
    unversioned = {"version-id": None}
    others = [
        {"version-id": "v2"},
        {"key": "photos/b.png"},
        unversioned,
        {**unversioned, "etag": "e2"},
        {**unversioned, "sequencer": "02"},
        *({"key": key} for key in HARD),
    ]
    assert len({name(), *(name(**each) for each in others)}) == len(others) + 1
    assert name(**{"version-id": "null"}) == name(**unversioned)


@pytest.mark.parametrize("key", HARD)
def test_keys_of_any_legal_length_and_alphabet(key: str) -> None:
    upload = Upload.parse(event(key=key))
    assert upload.as_input()["s3_key"] == key
    # Step Functions allows 80 characters in a name, and InvokeEndpoint 64 in the identifier that is made from it.
    assert re.fullmatch(r"upload-[0-9a-f]{48}", upload.execution_name)


def test_without_versions_the_etag_says_what_was_uploaded() -> None:
    given = Upload.parse(event(**{"version-id": None})).as_input()
    assert given == {"s3_bucket": "bucket", "s3_key": "photos/a.png", "s3_etag": "e1"}


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "StateMachineDoesNotExist", "AccessDeniedException", "ExecutionLimitExceeded"]
)
def test_what_step_functions_refuses_is_an_error_with_its_words(code: str, states: Stubber) -> None:
    states.add_client_error("start_execution", code, "said so", 400)
    with pytest.raises(WorkflowNotStarted, match=f"{code}: said so"):
        handler(event(), CONTEXT)


def test_step_functions_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch, states: Stubber) -> None:
    def fail(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="x")

    client("stepfunctions").meta.events.register("before-call.sfn.StartExecution", fail)
    with pytest.raises(WorkflowNotStarted, match="cannot be reached"):
        handler(event(), CONTEXT)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"key": None}, "'key' is missing"),
        ({"key": "é" * 513}, "'key' must be at most 1024 bytes"),
        ({"bucket": "b" * 64}, "'name' must be at most 63 bytes"),
        ({"size": None}, "'size' is missing"),
        ({"size": -1}, "'size' must be a whole number"),
        ({"size": True}, "'size' must be a whole number"),
        ({"etag": None}, "'etag' is missing"),
        ({"etag": "e" * 129}, "'etag' must be at most 128 bytes"),
        ({"version-id": "v" * 1025}, "'version-id' must be at most 1024 bytes"),
        ({"version-id": ""}, "'version-id' must be a non-empty string"),
        ({"sequencer": 7}, "'sequencer' must be a non-empty string"),
    ],
)
def test_another_event_is_refused(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidRequest, match=named):
        handler(event(**changes), CONTEXT)


def test_a_function_without_a_state_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_MACHINE_ARN", raising=False)
    with pytest.raises(ConfigurationError, match="STATE_MACHINE_ARN is missing"):
        handler(event(), CONTEXT)
