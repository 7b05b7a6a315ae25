"""Names for what JSON documents hold; their shapes are those of the AWS APIs."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
Record: TypeAlias = dict[str, Any]
