"""Map runs: child executions, as many at a time as MaxConcurrency says.

A run fails once more than the tolerated items have failed; its other executions are aborted or stay pending.
"""

import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.protocol.json_types import Json, Record
from local.states.language.failures import failure
from local.states.language.sizes import LIMIT, fits
from local.states.language.times import text
from local.states.maps.children import ABORTED, FAILED, PENDING, RUNNING, SUCCEEDED, TIMED_OUT, Child
from local.states.maps.settings import Settings
from local.states.maps.tolerance import Tolerance
from local.states.maps.writers import files, write

logger = logging.getLogger(__name__)

MOST_THREADS = 64
EXPRESS_SECONDS = 300
POLL_SECONDS = 0.1  # at which it looks whether the execution was stopped
EVENT = "MapRunFailed"


class MapRun:
    """One run of a distributed map."""

    def __init__(self, env: Any, record: Any, settings: Settings, program: Callable[[], Any]) -> None:
        self._env = env
        self._record = record
        self._settings = settings
        self._program = program
        count = record.tolerated_failure_count if settings.counted else None
        self._tolerance = Tolerance(count, record.tolerated_failure_percentage if settings.measured else None)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._waiting: deque[int] = deque()
        self._frames: dict[int, Any] = {}  # of the children that run
        self._workers = 0
        self._items = 0
        self._failed = 0  # items of children that failed
        self.children: list[Child] = []
        self.exceeded = False
        self.has_written = False
        record.run = self

    def child(self, given: Json, items: int) -> Child:
        """A child execution that waits for its turn."""
        machine = self._record.map_state_machine_arn
        kind = ":express:" if self._settings.express else ":execution:"
        arn = f"{machine.replace(':stateMachine:', kind)}:{uuid.uuid4()}"
        return Child(arn, machine, given, items)

    def execute(self, children: list[Child]) -> None:
        """Executes all, or until too many have failed or the execution of the map ends."""
        self.children = children
        self._items = sum(child.items for child in children)
        self._waiting.extend(range(len(children)))
        self._workers = min(self._record.max_concurrency or MOST_THREADS, MOST_THREADS, len(children))
        if not children:
            self._ended.set()
        for _ in range(self._workers):
            threading.Thread(target=self._work, daemon=True).start()
        while not self._ended.wait(POLL_SECONDS) and self._env.is_running():
            pass
        self._ended.set()
        self._abort()

    def _abort(self) -> None:
        now = datetime.now(UTC)
        with self._lock:
            for child, frame in self._frames.items():
                self.children[child].status, self.children[child].stopped = ABORTED, now
                frame.set_stop(stop_date=now, cause=None, error=None)

    def _work(self) -> None:
        while (index := self._next()) is not None:
            outcome = self._outcome(index)
            with self._lock:
                if self._frames.pop(index, None) is None or self.children[index].status != RUNNING:
                    return
                child = self.children[index]
                child.status, child.output, child.error, child.cause = outcome
                child.stopped = datetime.now(UTC)
                if child.status in (FAILED, TIMED_OUT):
                    self._failed += child.items
                if self._tolerance.exceeded(self._failed, self._items):
                    self.exceeded = True
                    self._ended.set()

    def _next(self) -> int | None:
        """The number of a child that is to run now; None if there is none. The last to ask ends the run."""
        with self._lock:
            if self._waiting and not self._ended.is_set() and self._env.is_running():
                index = self._waiting.popleft()
                child = self.children[index]
                child.status, child.started = RUNNING, datetime.now(UTC)
                self._frames[index] = self._frame(child)
                return index
            self._workers -= 1
            if self._workers == 0:
                self._ended.set()
            return None

    def _outcome(self, index: int) -> tuple[str, Json, str | None, str | None]:
        """Executes a child; its status, output, error and cause."""
        from moto.stepfunctions.parser.asl.eval import program_state as ends

        if not fits(self.children[index].input):
            return FAILED, None, "States.DataLimitExceeded", f"The input exceeds the maximum of {LIMIT} bytes"
        frame = self._frames[index]
        try:
            self._timed_program().eval(frame)
        except Exception as error:  # a defect of the engine must not leave the run waiting for this child for ever
            logger.exception("child execution %s", self.children[index].arn)
            return FAILED, None, "States.Runtime", f"{type(error).__name__}: {error}"
        finally:
            self._env.delete_frame(frame)
        end: Any = frame.program_state()
        if isinstance(end, ends.ProgramError):
            return FAILED, None, (end.error or {}).get("error"), (end.error or {}).get("cause")
        if isinstance(end, ends.ProgramTimedOut):
            return TIMED_OUT, None, "States.Timeout", None
        if isinstance(end, ends.ProgramStopped):
            return ABORTED, None, None, None
        return SUCCEEDED, frame.states.get_input(), None, None

    def _frame(self, child: Child) -> Any:
        from moto.stepfunctions.parser.api import HistoryEventType
        from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager

        frame = self._env.open_inner_frame(EventHistoryContext.of_program_start())
        if not self._settings.express:
            frame.event_manager = child.history = EventManager()
            frame.event_manager.add_event(
                frame.event_history_context, HistoryEventType.ExecutionStarted, update_source_event_id=False
            )
        frame.states.reset(child.input)
        data = frame.states.context_object.context_object_data
        own = {"Id": child.arn, "Name": child.name, "Input": child.input}
        data["Execution"] = {**data["Execution"], **own, "StartTime": text(child.started or datetime.now(UTC))}
        data["StateMachine"] = {"Id": child.machine_arn, "Name": child.machine_arn.rpartition(":")[2]}
        return frame

    def _timed_program(self) -> Any:
        from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds

        program = self._program()
        if self._settings.express:
            program.timeout_seconds = TimeoutSeconds(EXPRESS_SECONDS)
        return program

    def written(self, parameters: Record) -> Record:
        """Writes the results to S3; the state's output."""
        from botocore.exceptions import ClientError
        from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials
        from moto.stepfunctions.parser.asl.utils import boto_client

        details = self._env.aws_execution_details
        role = StateCredentials(role_arn=details.role_arn)
        s3 = boto_client.boto_client_for(region=details.region, service="s3", state_credentials=role)
        contents = files(self.children, self._settings.writer_config)
        self.has_written = True
        try:
            return write(s3, self._record.map_run_arn, parameters, contents)
        except (ClientError, KeyError) as error:
            raise failure(self._env, "States.ResultWriterFailed", str(error), EVENT) from error

    def count(self, status: str, *, items: bool) -> int:
        """How many child executions, or items of them, have a status."""
        return sum(child.items if items else 1 for child in self.children if child.status == status)

    @property
    def stopped(self) -> bool:
        """Whether it ended with its execution, before it was done."""
        return not self.exceeded and any(child.status in (PENDING, ABORTED) for child in self.children)
