"""Executions: start, describe, list and stop.

moto: while an execution starts, tokens of all others are refused; an input that is no JSON gets no type of error, one
of any size is taken; outputs that are texts are not JSON; error and cause of StopExecution are lost, and the end of
an execution that is stopped before its first state; members are missing. AWS: as here.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_types import Record
from local.protocol.times import in_utc
from local.states.api import children
from local.states.api.pages import page
from local.states.api.routing import Route, route
from local.states.language.sizes import LIMIT, fits
from local.states.mending import replace, wrap

STOP_SECONDS = 5  # until the engine has noticed; it does so at once, unless the machine is very busy
ENDED_REASON = "Execution is {} and cannot be redriven"


def mend() -> None:
    """Lets the operations on executions answer as AWS does."""
    from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend
    from moto.stepfunctions.responses import StepFunctionResponse

    replace(StepFunctionsParserBackend, "start_execution", _start)
    replace(StepFunctionResponse, "describe_execution", _describe)
    replace(StepFunctionResponse, "list_executions", _list)
    replace(StepFunctionResponse, "stop_execution", _stop)
    wrap(BaseExecutionWorkerCommunication, "_reflect_execution_status", _reflect)
    wrap(ExecutionWorker, "start", _begin)
    wrap(ExecutionWorker, "_get_evaluation_environment", _environment)


def _reflect(reflect: Callable[..., None], self: Any) -> None:
    from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped

    environment = self.execution.exec_worker.env
    state = environment.program_state()
    if isinstance(state, ProgramStopped):
        self.execution.error, self.execution.cause = state.error, state.cause
        _write_end(environment, state)
    reflect(self)


def _write_end(environment: Any, stopped: Any) -> None:
    """Writes that an execution was stopped. Where the engine has written it, nothing is added (`history`)."""
    from moto.stepfunctions.parser.api import HistoryEventType

    details: Any = {"executionAbortedEventDetails": {"error": stopped.error, "cause": stopped.cause}}
    environment.event_history_context.source_event_id = 0
    environment.event_manager.add_event(
        context=environment.event_history_context,
        event_type=HistoryEventType.ExecutionAborted,
        event_details=details,
    )


def _begin(begin: Callable[..., None], self: Any) -> None:
    """Makes the environment before the thread starts: operations on tokens and map runs look at it at any time."""
    self.env = self._get_evaluation_environment()
    begin(self)


def _environment(make: Callable[..., Any], self: Any) -> Any:
    return make(self) if self.env is None else self.env


def check_input(text: str) -> None:
    """Raises ServiceError for a text that cannot be the input of an execution."""
    if not fits(text):
        raise ServiceError(
            "InvalidExecutionInput",
            f"Invalid State Machine Execution Input: 'The input exceeds the maximum of {LIMIT} bytes'",
        )
    try:
        json.loads(text)
    except ValueError as error:
        problem = f"Invalid State Machine Execution Input: '{error}'"
        raise ServiceError("InvalidExecutionInput", problem) from error


def _start(self: Any, state_machine_arn: str, name: str, execution_input: str | None = None, **_: str) -> Any:
    """Starts an execution of a machine, of a version, or of the version that an alias chooses."""
    chosen = route(self, state_machine_arn)
    given = "{}" if execution_input is None else execution_input
    check_input(given)
    self._validate_name(name)
    if existing := chosen.machine._handle_name_input_idempotency(name, given):
        return existing
    execution = _execution(self, chosen, name, given)
    chosen.machine.executions.append(execution)
    execution.start()
    return execution


def _execution(backend: Any, chosen: Route, name: str, given: str) -> Any:
    from moto.stepfunctions.parser.backend.execution import Execution

    machine = chosen.snapshot()
    place = f"{backend.region_name}:{backend.account_id}"
    execution: Any = Execution(
        name=name,
        sm_type=machine.sm_type,
        role_arn=machine.roleArn,
        exec_arn=f"arn:{backend.partition}:states:{place}:execution:{machine.name}:{name}",
        account_id=backend.account_id,
        region_name=backend.region_name,
        state_machine=machine,
        start_date=datetime.now(UTC),
        cloud_watch_logging_session=None,
        input_data=given,
        activity_store={},
    )
    execution.route = chosen.members()
    return execution


def _describe(self: Any) -> Any:
    from moto.core.responses import ActionResult

    arn, with_data = self._get_param("executionArn"), self._get_param("includedData") != "METADATA_ONLY"
    if child := children.described(self.stepfunction_backend, arn, with_data=with_data):
        return ActionResult(child)
    return ActionResult(described(self.stepfunction_backend.describe_execution(arn), with_data=with_data))


def described(execution: Any, *, with_data: bool) -> Record:
    """DescribeExecution's answer."""
    ended = _summary(execution)
    status = ended["status"]
    answer = {**ended, "inputDetails": {"included": with_data}, "input": execution.execution_input}
    if status == "SUCCEEDED":
        output = json.dumps(execution.output, ensure_ascii=False, separators=(",", ":"), default=str)
        answer.update(output=output, outputDetails={"included": with_data})
    answer.update(error=execution.error, cause=execution.cause)
    if status in ("RUNNING", "SUCCEEDED"):
        answer.update(redriveStatus="NOT_REDRIVABLE", redriveStatusReason=ENDED_REASON.format(status))
    else:
        answer.update(redriveStatus="REDRIVABLE")
    hidden = () if with_data else ("input", "output", "error", "cause")
    return {name: value for name, value in answer.items() if value is not None and name not in hidden}


def _summary(execution: Any) -> Record:
    return {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.start_date,
        **({"stopDate": execution.stop_date} if execution.status != "RUNNING" else {}),
        "redriveCount": 0,
        **execution.route,
    }


def _list(self: Any) -> Any:
    machine_arn, status = self._get_param("stateMachineArn"), self._get_param("statusFilter")
    if map_run := self._get_param("mapRunArn"):
        return page(self, "executions", children.of_run(self.stepfunction_backend, map_run, status))
    found = route(self.stepfunction_backend, machine_arn)
    if found.version:
        raise ValidationError("The local AWS does not execute ListExecutions for a version or an alias")
    executions = list(found.machine.executions)
    wanted = [each for each in executions if status in (None, each.status)]
    wanted.sort(key=lambda each: in_utc(each.start_date), reverse=True)
    return page(self, "executions", [_summary(each) for each in wanted])


def _stop(self: Any) -> Any:
    from moto.core.responses import ActionResult

    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    deadline = time.monotonic() + STOP_SECONDS
    while execution.status == "RUNNING" and time.monotonic() < deadline:
        # The engine ignores what comes before its first state, so it is told until it has ended.
        execution.stop(stop_date=datetime.now(UTC), error=self._get_param("error"), cause=self._get_param("cause"))
        time.sleep(0.01)
    return ActionResult({"stopDate": execution.stop_date or datetime.now(UTC)})
