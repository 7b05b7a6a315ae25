"""Types of JSON documents. Their shapes are those of the AWS APIs."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
Record: TypeAlias = dict[str, Any]


def record(value: Json) -> Record:
    """The value if it is an object, otherwise an empty object."""
    return value if isinstance(value, dict) else {}
