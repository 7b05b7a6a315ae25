"""moto's Step Functions engine: set up to execute, and to tell for which role it makes each of its calls."""

import inspect
from typing import Any

from local.iam.caller import ROLE_HEADER


def prepare(*, enforce_iam: bool) -> None:
    """Let the engine execute state machines and, where IAM is enforced, add the execution's role to its requests.

    Makes boto3's default session before the engine uses it from many threads, which is not safe.
    """
    import boto3
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    boto3.setup_default_session()
    boto3.client("lambda")
    if enforce_iam:
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("before-send", _add_role)


def _add_role(request: Any, **_: Any) -> None:  # noqa: ANN401
    """A botocore event handler, which runs in the thread that makes a call."""
    if role := _role():
        request.headers[ROLE_HEADER] = role


def _role() -> str:
    """The role of the execution on whose behalf this thread runs: the engine passes its environment down the stack."""
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    frame = inspect.currentframe()
    while frame:
        environment = frame.f_locals.get("env")
        if isinstance(environment, Environment):
            return str(environment.aws_execution_details.role_arn)
        frame = frame.f_back
    return ""
