"""Bounds what a request may make this server read: how deeply its values, and documents within texts, are nested.

Parsers work recursively. One that is written in C ends the whole process where it runs out of stack.
"""

import re
from collections.abc import Iterator

from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record

MOST_LEVELS = 200
# A text in quotes, or a bracket. Without its second quote, a text goes to the end, and no parser gets that far.
TOKEN = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)
OPAQUE = ("MessageBody", "Message", "Body", "Payload")  # members whose text nobody here parses


def check_members(members: Record) -> None:
    """Raises ServiceError SerializationException if values, or JSON in their texts, are nested too deeply."""
    for name, text in _texts(members):
        if name not in OPAQUE and text.lstrip()[:1] in ("{", "["):
            check_levels(text)


def check_levels(text: str) -> None:
    """Raises ServiceError SerializationException if a JSON text is nested too deeply. It may be malformed."""
    level = 0
    for match in TOKEN.finditer(text):
        bracket = match[0]
        level = max(0, level + (1 if bracket in "[{" else -1 if bracket in "]}" else 0))
        if level > MOST_LEVELS:
            raise too_deep()


def too_deep() -> ServiceError:
    """The error for values that are nested too deeply."""
    return ServiceError(
        "SerializationException", f"The request is nested too deeply: at most {MOST_LEVELS} levels", 400
    )


def _texts(members: Record) -> Iterator[tuple[str, str]]:
    """Each text in a request, with the name of the member that it is or is in."""
    waiting: list[tuple[str, Json, int]] = [("", members, 0)]
    while waiting:
        name, value, level = waiting.pop()
        if level > MOST_LEVELS:
            raise too_deep()
        if isinstance(value, dict):
            waiting.extend((str(key), item, level + 1) for key, item in value.items())
        elif isinstance(value, list | tuple):
            waiting.extend((name, item, level + 1) for item in value)
        elif isinstance(value, str):
            yield name, value
