"""Finds the role that makes a request. Requests without a role are the administrator's."""

from collections.abc import Mapping

from local.iam.keys import find_key
from local.protocol.calls import Call
from local.runtime.context import Context

ROLE_HEADER = "X-Local-Role"  # names the role of the state machine for which moto's engine makes a call


def calling_role(call: Call, headers: Mapping[str, str], context: Context) -> str:
    """The ARN of the role whose credentials signed a call; empty for the administrator."""
    if call.access_key == context.engine.access_key:
        return str(headers.get(ROLE_HEADER, "a state machine"))
    found = find_key(context, call.access_key)
    return found.role if found else ""
