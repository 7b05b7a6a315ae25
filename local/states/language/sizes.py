"""Sizes.

moto: 262,143 bytes are the most, of a text with JSON's escapes. AWS: input and output of a state have at most 262,144
bytes of UTF-8.
"""

import json

from local.protocol.json_types import Json
from local.states.mending import replace, replace_everywhere

LIMIT = 262_144


def mend() -> None:
    """Lets the engine measure as AWS does."""
    from moto.stepfunctions.parser import quotas

    replace_everywhere(replace(quotas, "is_within_size_quota", fits), "is_within_size_quota", fits)


def fits(value: Json) -> bool:
    """Whether a state may have this value as its input or output. A text counts as it is."""
    text = (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    )
    return len(text.encode("utf-8", "surrogatepass")) <= LIMIT
