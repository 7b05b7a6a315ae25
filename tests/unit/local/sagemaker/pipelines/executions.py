"""Executions whose steps are functions of the test; what they publish and say is kept in lists."""

import json
from collections.abc import Callable
from threading import current_thread
from typing import Any

from local.protocol.json_types import Record
from local.runtime.context import now
from local.sagemaker.pipelines.cache import PastRun
from local.sagemaker.pipelines.definition import Resolver, parse
from local.sagemaker.pipelines.execution import Execution, RunStep

SECONDS = 10  # after which a test that hangs fails
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc123"

History = dict[str, list[PastRun]]


class WatchedExecution(Execution):
    """An execution that ends whatever happens, so that a test of a broken one fails at once."""

    daemon = False

    def _run(self, run_step: RunStep) -> None:
        self.daemon = current_thread().daemon
        try:
            super()._run(run_step)
        finally:
            self.ended.set()


def step(name: str, kind: str = "Lambda", **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Arguments": {}, **members}


def an_execution(
    *steps: dict[str, Any],
    say: Callable[[str], None] = str,
    at_once: int | None = None,
    publish: Callable[[str, list[str], Record], None] = lambda *_: None,
    history: History | None = None,
    files: dict[str, bytes] | None = None,
    arn: str = ARN,
) -> WatchedExecution:
    record: Record = {
        "PipelineArn": arn.partition("/execution")[0],
        "PipelineExecutionArn": arn,
        "PipelineExecutionDisplayName": "a name",
        "PipelineExecutionStatus": "Executing",
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": at_once} if at_once else None,
        "RoleArn": "arn:aws:iam::123456789012:role/r",
        "StartTime": now(),
    }
    resolver = Resolver({}, {}, (files or {}).__getitem__)
    definition = parse(json.dumps({"Steps": steps}))
    return WatchedExecution(record, definition, resolver, {} if history is None else history, publish, say)


def run(execution: Execution, run_step: RunStep) -> dict[str, str]:
    """Run an execution to its end; the status of each step that was started."""
    execution.start(run_step)
    assert execution.ended.wait(SECONDS)
    return statuses(execution)


def statuses(execution: Execution) -> dict[str, str]:
    return {record["StepName"]: record["StepStatus"] for record in execution.steps}


def succeed(*_: Any) -> Record:
    """What a step does that makes nothing."""
    return {}
