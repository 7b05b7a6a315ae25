"""Machines that are one distributed map."""

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., dict[str, Any]]
ECHO = {"StartAt": "Echo", "States": {"Echo": {"Type": "Pass", "End": True}}}


def mapped(child: dict[str, Any] = ECHO, kind: str = "STANDARD", **members: Any) -> dict[str, Any]:
    """A machine that is one distributed map."""
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, **child}
    return {"StartAt": "Map", "States": {"Map": {"Type": "Map", "ItemProcessor": processor, "End": True, **members}}}


def output(ended: dict[str, Any]) -> Any:
    assert ended["status"] == "SUCCEEDED", ended
    return json.loads(ended["output"])
