"""Sets up moto's Step Functions engine: it executes state machines, and names the role for each call that it makes."""

from functools import partial
from typing import Any

from local.iam.caller import ROLE_HEADER


def prepare(*, enforce_iam: bool) -> None:
    """Lets the engine execute state machines and, if IAM is enforced, name the execution's role in its requests.

    Must be called before moto's Step Functions is imported. Also makes boto3's default session, because the engine
    would make it in several threads at once, which is not safe.
    """
    import boto3
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    boto3.setup_default_session()
    boto3.client("lambda")
    if enforce_iam:
        _name_roles()
    _execute_what_cloudformation_makes()


def _execute_what_cloudformation_makes() -> None:
    """Gives state machines of templates to the engine that executes. moto gives them to one that only keeps them."""
    from moto.stepfunctions import models
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    made: Any = models  # its variable has the type of the engine that only keeps
    made.stepfunctions_backends = stepfunctions_parser_backends


def _name_roles() -> None:
    """Replaces the function that makes the engine's clients. The engine passes the role to it, but moto ignores it."""
    from moto.stepfunctions.parser.asl.utils import boto_client

    make = boto_client.boto_client_for

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:  # noqa: ANN401
        client = make(region, service, state_credentials)
        if state_credentials is not None:
            client.meta.events.register("before-send", partial(_add_role, state_credentials.role_arn))
        return client

    boto_client.boto_client_for = boto_client_for


def _add_role(role: str, request: Any, **_: Any) -> None:  # noqa: ANN401
    """Handles botocore's event before-send, which comes after signing."""
    request.headers[ROLE_HEADER] = role
