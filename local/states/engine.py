"""moto's Step Functions engine: told to execute state machines, and to name the role for which it makes each call."""

from functools import partial
from typing import Any

from local.iam.caller import ROLE_HEADER


def prepare(*, enforce_iam: bool) -> None:
    """Let the engine execute state machines and, where IAM is enforced, name the execution's role in its requests.

    Must be called before moto's Step Functions is imported. Makes boto3's default session, which the engine would
    otherwise make from several threads at once, and that is not safe.
    """
    import boto3
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    boto3.setup_default_session()
    boto3.client("lambda")
    if enforce_iam:
        _name_roles()


def _name_roles() -> None:
    """Replace the one function that makes the engine's clients; the engine passes it the role, which moto ignores."""
    from moto.stepfunctions.parser.asl.utils import boto_client

    make = boto_client.boto_client_for

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:  # noqa: ANN401
        client = make(region, service, state_credentials)
        if state_credentials is not None:
            client.meta.events.register("before-send", partial(_add_role, state_credentials.role_arn))
        return client

    boto_client.boto_client_for = boto_client_for


def _add_role(role: str, request: Any, **_: Any) -> None:  # noqa: ANN401
    """A handler of botocore's event before-send, which comes after signing."""
    request.headers[ROLE_HEADER] = role
