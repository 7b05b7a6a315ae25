"""Errors of Lambda for tasks whose resource is a function.

moto: whatever Lambda refuses is `Exception`. AWS: it has the name that it has for `lambda:invoke`, such as
Lambda.TooManyRequestsException.
"""

from collections.abc import Callable
from typing import Any

from local.states.mending import wrap


def mend() -> None:
    """Lets such tasks fail with AWS's names."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda

    wrap(StateTaskLambda, "_from_error", _explain)


def _explain(explain: Callable[..., Any], self: Any, env: Any, ex: Exception) -> Any:
    from botocore.exceptions import ClientError
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
        StateTaskServiceLambda,
    )

    event = explain(self, env=env, ex=ex)
    if isinstance(ex, ClientError):
        name, cause = StateTaskServiceLambda._error_cause_from_client_error(ex)
        event.error_name.error_name = name
        event.event_details["lambdaFunctionFailedEventDetails"].update(error=name, cause=cause)
    return event
