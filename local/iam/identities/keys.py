"""The keys that may sign a request: the administrator's, the engine's, and those handed out by IAM and STS."""

from datetime import UTC
from typing import Any

from local.runtime.context import Context
from local.runtime.keys import Key


def find_key(context: Context, access_key: str) -> Key | None:
    """The key with an identifier; None if this local AWS never gave it out, or no longer accepts it."""
    own = (context.administrator, context.engine, *context.sessions)
    return next((key for key in own if key.access_key == access_key), None) or _of_moto(access_key)


def _of_moto(access_key: str) -> Key | None:
    """The key of an assumed role or of a user, of whatever account. moto's STS and IAM keep them."""
    from moto.backends import get_backend

    account: Any
    for account in list(get_backend("sts").values()):
        if role := account["aws"].get_assumed_role_from_access_key(access_key):
            expiration = role.expiration.replace(tzinfo=UTC)
            return Key(access_key, role.secret_access_key, role.session_token, role.role_arn, expiration)
    for account in list(get_backend("iam").values()):
        if (made := _of_user(account["aws"], access_key)) and made.status == "Active":
            return Key(access_key, made.secret_access_key)
    return None


def _of_user(iam: Any, access_key: str) -> Any:  # noqa: ANN401
    keys = [key for user in list(iam.users.values()) for key in user.access_keys]
    return next((key for key in keys if key.access_key_id == access_key), None)
