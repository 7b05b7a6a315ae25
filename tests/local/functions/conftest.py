"""A Lambda function that does what its event says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SOURCE = """
import os, time, sys
LOADED = time.time()
class PhotoNotFound(Exception): pass
def handler(event, context):
    print("working on", event)
    if event.get("fail"): raise PhotoNotFound(event["fail"])
    if event.get("exit"): sys.exit(event["exit"])
    time.sleep(event.get("sleep", 0))
    return {"loaded": LOADED, "pid": os.getpid(), "stage": os.environ.get("STAGE"), "name": context.function_name,
            "left": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn}
"""


@pytest.fixture(scope="session")
def invoke(functions: Any, create_function: Any) -> Callable[..., tuple[Any, dict[str, Any]]]:
    """`invoke(event)`: what the function `works` answers, and the whole answer."""
    create_function("works", SOURCE, Timeout=2, Environment={"Variables": {"STAGE": "test"}})

    def call(event: dict[str, Any], **more: Any) -> tuple[Any, dict[str, Any]]:
        answer = functions.invoke(FunctionName="works", Payload=json.dumps(event), LogType="Tail", **more)
        payload = answer["Payload"].read()
        return json.loads(payload or b"null"), answer

    return call
