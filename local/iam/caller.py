"""Finds the role that makes a request. Requests without a role are the administrator's."""

from collections.abc import Mapping
from typing import Any

from local.protocol.calls import Call

ENGINE_ACCESS_KEY = "ak"  # moto's Step Functions engine signs all of its calls with this key
ROLE_HEADER = "X-Local-Role"  # names the role of the state machine for which the engine makes a call


def calling_role(call: Call, headers: Mapping[str, str], account: str) -> str:
    """The ARN of the role whose credentials signed a call; empty for the administrator."""
    from moto.backends import get_backend

    if call.access_key == ENGINE_ACCESS_KEY:
        return str(headers.get(ROLE_HEADER, "a state machine"))
    found: Any = get_backend("sts")[account]["aws"].get_assumed_role_from_access_key(call.access_key)
    return found.role_arn if found else ""
