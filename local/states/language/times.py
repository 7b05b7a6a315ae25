"""Times.

moto: the context object holds a datetime, which is no JSON, and lacks RedriveCount; Wait compares UTC with the local
time, takes no offset, and names a bad time of JSONata States.Runtime. AWS: texts such as 2026-01-31T12:00:00.000Z,
RedriveCount 0, any RFC 3339 time, States.QueryEvaluationError.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.protocol.json_types import Record
from local.states.language.choices import timestamp
from local.states.language.failures import failure, query_failure
from local.states.mending import replace, wrap

ISO = "ISO-8601 extended offset date-time format string"


def mend() -> None:
    """Lets the engine write and read times as AWS does."""
    from moto.stepfunctions.parser.asl.component.state import state
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    replace(Timestamp, "_from_timestamp_string", staticmethod(timestamp))
    replace(Timestamp, "_get_wait_seconds", _seconds)
    replace(state, "StateData", entered)
    wrap(ExecutionWorker, "_get_evaluation_environment", _begin)


def _begin(begin: Callable[..., Any], self: Any) -> Any:
    env = begin(self)
    data = env.states.context_object.context_object_data["Execution"]
    data.update(StartTime=text(data["StartTime"]), RedriveCount=0)
    return env


def _seconds(self: Any, env: Any) -> int:
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata

    self.string.eval(env=env)
    given = env.stack.pop()
    until = timestamp(given)
    if until is not None:
        return max(0, int((until - datetime.now(UTC)).total_seconds()))
    if isinstance(self.string, StringJSONata):
        raise query_failure(env, f"The Timestamp field cannot be parsed as an {ISO}: {given}")
    raise failure(env, "States.Runtime", f"{_named(self)} does not reference a valid {ISO}: {_path(self)} == {given}")


def _named(wait: Any) -> str:
    return f"The {type(wait).__name__} parameter"


def _path(wait: Any) -> str:
    return str(wait.string.literal_value)


def entered(**data: Any) -> Record:
    """The context object's member State."""
    return {**data, "EnteredTime": text(datetime.fromisoformat(data["EnteredTime"]))}


def text(time: datetime) -> str:
    """A time as AWS writes it."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
