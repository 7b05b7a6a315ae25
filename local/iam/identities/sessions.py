"""GetSessionToken and GetFederationToken, with credentials of their own. moto gives everybody the same ones."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from moto.core.request import Request
from werkzeug.wrappers import Response

from local.iam.identities.caller import calling_role
from local.protocol.calls import Call
from local.protocol.errors import ServiceError
from local.runtime.context import Context
from local.runtime.keys import new_key

SECONDS = 43_200  # unless the request says otherwise


class SessionTokens:
    """Hands out temporary credentials of the administrator."""

    def __init__(self, context: Context, moto: Callable[[Call, Request], Response]) -> None:
        self._context = context
        self._moto = moto

    def answer(self, call: Call, request: Request) -> Response:
        """Moto's answer, with new credentials in it. Raises ServiceError AccessDenied for a role, as AWS does."""
        if calling_role(call, dict(request.headers), self._context):
            raise ServiceError("AccessDenied", f"Cannot call {call.operation} with session credentials", 403)
        response = self._moto(call, request)
        if response.status_code >= 300:
            return response
        seconds = int(call.members.get("DurationSeconds") or SECONDS)
        key = new_key("ASIA", temporary_until=datetime.now(UTC) + timedelta(seconds=seconds))
        text = response.get_data(as_text=True)
        for element, value in {
            "AccessKeyId": key.access_key,
            "SecretAccessKey": key.secret,
            "SessionToken": key.token,
        }.items():
            text = re.sub(rf"(<{element}>)[^<]*(</{element}>)", rf"\g<1>{value}\g<2>", text)
        self._context.sessions.append(key)
        response.set_data(text)
        return response
