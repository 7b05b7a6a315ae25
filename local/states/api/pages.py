"""Pages of lists."""

from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Json

DEFAULT = 100


def page(response: Any, name: str, items: list[Json]) -> Any:
    """The page of a list for which a request asks by maxResults and nextToken, as the member `name` of the answer."""
    from moto.core.responses import ActionResult

    token, size = response._get_param("nextToken"), int(response._get_param("maxResults") or DEFAULT)
    shown, following = cut(items, token, size)
    return ActionResult({name: shown, **({"nextToken": following} if following else {})})


def cut(items: list[Json], token: str | None, size: int) -> tuple[list[Json], str]:
    """The part of a list at which a token points, and the token of the next part, empty if there is none."""
    if token is not None and not token.isdecimal():
        raise ServiceError("InvalidToken", f"Invalid Token: '{token}'")
    start = int(token or 0)
    end = start + size
    return items[start:end], str(end) if end < len(items) else ""
