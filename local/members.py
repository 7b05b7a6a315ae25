"""Which members of requests have an effect: whatever would be accepted and ignored is refused, by name.

The table is members.yaml. A value that asks for nothing (false, empty) is always accepted.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

from botocore.model import ListShape, Shape, StructureShape

from local.errors import ValidationError
from local.json_types import Json, Record
from local.protocol import check, operation_model

TABLE = Path(__file__).with_name("members.yaml")
NOTHING: tuple[Json, ...] = (None, False, "", [], {})


@functools.cache
def table() -> dict[str, Record]:
    """Of each operation, the paths of its members: `executed`, `recorded`, `refused`, and the values in `only`."""
    import yaml

    read: dict[str, Record] = yaml.load(TABLE.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506, as None is a value
    return read


def admit(operation: str, request: Record) -> None:
    """Raise ValidationError for a request that AWS would refuse, or that asks for what does not happen here."""
    model = operation_model("sagemaker", operation)
    check(model, request)
    if operation not in table() or model.input_shape is None:
        return
    row = table()[operation]
    accepted = {*row["executed"], *row.get("recorded", ())}
    for path, value in _given(model.input_shape, request, ""):
        if accepted.isdisjoint(prefixes(path)):
            member = next((above for above in prefixes(path) if above in row.get("refused", ())), path)
            raise ValidationError(f"The local AWS does not act upon {member} of {operation}, and does not pretend to")
        values = row.get("only", {}).get(path)
        if values and value not in values:
            raise ValidationError(f"The local AWS acts upon {path} {' or '.join(values)} only, not {value}")


def prefixes(path: str) -> Iterator[str]:
    """A path and all that are above it."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _given(shape: Shape, value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """The members of a request that ask for something, with their paths, which look through lists."""
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            yield from _given(shape.members[name], item, f"{path}.{name}".lstrip("."))
    elif isinstance(shape, ListShape) and isinstance(shape.member, StructureShape):
        for item in value:
            yield from _given(shape.member, item, path)
    elif value not in NOTHING:
        yield path, value
