"""The workflow that ships, with shorter waits, and functions that do as the key of the photo says."""

import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[2] / "golden" / "inference.asl.json"
PREFIX = "scones-unlimited-local"
BUCKET = f"{PREFIX}-123456789012-eu-west-1"
TASKS = ("SerializeImage", "ClassifyImage", "FilterInference")
SOURCE = """
import json, time
STEP, CALLS = "{step}", {{}}
def handler(event, context):
    photo = event.get("input", event)
    story = json.loads(photo["s3_key"])
    execution = event["inference_id"]
    time.sleep(story.get("seconds", {{}}).get(STEP, 0))
    errors = story.get(STEP, [])
    count = CALLS[execution] = CALLS.get(execution, 0) + 1
    if count <= len(errors):
        raise type(errors[count - 1], (Exception,), {{}})("said so")
    return {{**photo, "inference_id": execution, "calls": count, **story.get("answer", {{}})}}
"""


def shipped() -> dict[str, Any]:
    """Its definition, with a second or two between retries."""
    definition: dict[str, Any] = json.loads(GOLDEN.read_text())
    for state in definition["States"].values():
        for retrier in state.get("Retry", []):
            retrier.update(IntervalSeconds=1, MaxDelaySeconds=2, BackoffRate=1.0)
    return definition


def errors_of(kind: str) -> list[tuple[str, str, str]]:
    """Each error that a task's retriers or catchers name, with the task and the state that comes next."""
    found = []
    for task in TASKS:
        for each in shipped()["States"][task].get(kind, []):
            if each.get("MaxAttempts") != 0:  # which says that an error is not retried
                found += [(task, error, each.get("Next", "")) for error in each["ErrorEquals"] if error != "States.ALL"]
    return found
