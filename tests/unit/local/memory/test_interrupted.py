"""What ran when the local AWS ended is told as ended, with the reason."""

from types import SimpleNamespace
from typing import Any

import pytest

from local.memory.executions import CAUSE, EndedRun, EndedWorker, end_interrupted
from local.memory.stacks import REASON, fail_interrupted


class Stack:
    """A stack of a status."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.events: list[tuple[str, str]] = []

    def _add_stack_event(self, status: str, resource_status_reason: str) -> None:
        self.events.append((status, resource_status_reason))


@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("CREATE_IN_PROGRESS", "CREATE_FAILED"),
        ("UPDATE_IN_PROGRESS", "UPDATE_FAILED"),
        ("CREATE_COMPLETE", "CREATE_COMPLETE"),
        ("REVIEW_IN_PROGRESS", "REVIEW_IN_PROGRESS"),
    ],
)
def test_stacks_that_were_being_made_have_failed(status: str, after: str) -> None:
    stack = Stack(status)
    found = fail_interrupted([SimpleNamespace(stacks={"id": stack})])
    assert (stack.status, found) == (after, int(status != after))
    assert stack.events == ([(after, REASON)] if status != after else [])


def execution(status: str) -> Any:
    run = EndedRun({"mapRunArn": "arn", "status": status}, {"mapRunArn": "arn"})
    worker = EndedWorker([{"id": 1}], [run])
    return SimpleNamespace(status=status, exec_worker=worker, error=None, cause=None, stop_date=None)


def test_executions_that_ran_are_aborted_with_their_map_runs() -> None:
    ran = execution("RUNNING")
    assert end_interrupted([ran, execution("SUCCEEDED")]) == 1
    assert (ran.exec_status.value, ran.cause) == ("ABORTED", CAUSE)
    last = ran.exec_worker.env.event_manager.get_event_history()[-1]
    assert (last["id"], last["previousEventId"], last["type"].value) == (2, 1, "ExecutionAborted")
    run = ran.exec_worker.env.map_run_record_pool_manager.get("arn")
    assert (run.describe()["status"], run.list_item()["stopDate"]) == ("ABORTED", ran.stop_date)


def test_executions_that_had_ended_stay_as_they_were() -> None:
    ended = execution("SUCCEEDED")
    end_interrupted([ended])
    assert (ended.cause, len(ended.exec_worker.events)) == (None, 1)
    assert ended.exec_worker.get("other") is None
    assert ended.exec_worker.get_all()[0].describe()["status"] == "SUCCEEDED"
