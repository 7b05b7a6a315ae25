"""Photos that are uploaded go through the workflow by themselves, each once, with the roles of the template."""

import hashlib
import json
from typing import Any

import pytest
from end_to_end.support import MARKS, Scones
from photo_files import GOOD

pytestmark = MARKS

NAME = "scones-unlimited-local"
MACHINE = f"arn:aws:states:eu-west-1:123456789012:stateMachine:{NAME}-inference"
BUCKET = f"{NAME}-123456789012-eu-west-1"
KEY = "photos/gate 1/a+b ü%20.png"


def executions(scones: Scones) -> list[dict[str, Any]]:
    """Those that uploads have started, with their input and output."""
    states = scones.client("stepfunctions")
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=MACHINE)
    arns = [each["executionArn"] for page in pages for each in page["executions"] if each["name"].startswith("upload-")]
    found = [states.describe_execution(executionArn=arn) for arn in arns]
    return [{**each, **{key: json.loads(each.get(key, "{}")) for key in ("input", "output")}} for each in found]


def ended(scones: Scones, count: int) -> dict[str, dict[str, Any]]:
    """The executions by the key of their photo, once there are so many and all have ended."""

    def all_ended() -> bool:
        found = executions(scones)
        return len(found) >= count and all(each["status"] != "RUNNING" for each in found)

    scones.wait_for(all_ended)
    return {each["input"]["s3_key"]: each for each in executions(scones)}


@pytest.fixture(scope="module")
def uploaded(standing: Scones, first: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What came of two files, an empty one and a folder."""
    s3 = standing.client("s3")
    files = {"photos/gate 1/": b"", "photos/empty.png": b"", KEY: GOOD[0].make(), "photos/list.txt": b"a"}
    for key, body in files.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    return ended(standing, 2)


def test_an_upload_comes_to_a_decision(uploaded: dict[str, dict[str, Any]]) -> None:
    assert set(uploaded) == {KEY, "photos/list.txt"}
    assert {each["status"] for each in uploaded.values()} == {"SUCCEEDED"}
    photo = uploaded[KEY]["output"]
    assert photo["decision"] in {"accepted", "low_confidence", "not_a_known_vehicle"}
    assert photo["inference_id"] == uploaded[KEY]["name"]
    assert photo["s3_etag"] == hashlib.md5(GOOD[0].make()).hexdigest()
    assert photo["s3_version_id"]  # the bucket of the template keeps versions
    assert uploaded["photos/list.txt"]["output"]["decision"] == "unusable"


def test_the_same_event_twice_is_one_execution_and_a_replaced_photo_is_not_taken_for_the_first(
    standing: Scones, uploaded: dict[str, dict[str, Any]]
) -> None:
    functions, before = standing.client("lambda"), len(uploaded)
    described = {"key": KEY, "size": 1, "etag": "of-an-earlier-photo", "sequencer": "01"}
    event = json.dumps({"detail": {"bucket": {"name": BUCKET}, "object": described}})

    def start() -> str:
        return str(
            json.load(functions.invoke(FunctionName=f"{NAME}-start-workflow", Payload=event)["Payload"])["action"]
        )

    assert start() == "started"
    start()  # while it runs, Step Functions answers as if it had been started now
    assert ended(standing, before + 1)
    assert start() == "already_started"
    found = executions(standing)
    assert len(found) == before + 1
    (replaced,) = [each for each in found if each["input"]["s3_etag"] == "of-an-earlier-photo"]
    assert (replaced["status"], replaced["output"]["decision"]) == ("SUCCEEDED", "changed")
