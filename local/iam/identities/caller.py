"""Finds the role that makes a request. Requests without a role are the administrator's."""

import functools
from collections.abc import Mapping
from typing import Any

from local.iam.identities.keys import find_key
from local.protocol.calls import Call
from local.runtime.context import Context

ROLE_HEADER = "X-Local-Role"  # names the role of the state machine for which moto's engine makes a call


def calling_role(call: Call, headers: Mapping[str, str], context: Context) -> str:
    """The ARN of the role whose credentials signed a call; empty for the administrator."""
    if call.access_key == context.engine.access_key:
        return str(headers.get(ROLE_HEADER, "a state machine"))
    found = find_key(context, call.access_key)
    return found.role if found else ""


def use_root_identity() -> None:
    """Lets GetCallerIdentity tell the administrator, who may do everything, as AWS tells an account's root.

    moto tells an ARN that AWS does not have.
    """
    from moto.sts import models

    backend: Any = models.STSBackend
    original = backend.get_caller_identity

    @functools.wraps(original)
    def identity(sts: Any, access_key_id: str, region: str) -> tuple[str, str, str]:  # noqa: ANN401
        user, arn, account = original(sts, access_key_id, region)
        if not arn.endswith(":user/moto"):
            return user, arn, account
        return account, f"{arn.partition(':sts:')[0]}:iam::{account}:root", account

    backend.get_caller_identity = identity
