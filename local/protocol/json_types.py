"""Names for what JSON documents hold; their shapes are those of the AWS APIs."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
Record: TypeAlias = dict[str, Any]


def record(value: Json) -> Record:
    """A value that should be an object, or an empty one where it is something else."""
    return value if isinstance(value, dict) else {}
