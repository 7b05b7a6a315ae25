"""A batch as the distributed map sends it: items of the source, and what all batches of a run have in common."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import LONGEST, kind, text, value

RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")  # it is part of keys and of the names of executions
DIGITS = 32  # of a SHA-256: 128 bits, so no two batches of a run share a digest


@dataclass(frozen=True)
class Batch:
    """Some photos of a run. `bucket` is that of the source, where an item names none.

    `keys_are_encoded` says that keys are encoded for URLs, as S3's inventories have them. `routes` has what belongs to
    each class: the loading bay and the order radius.
    """

    run: str
    bucket: str
    keys_are_encoded: bool
    routes: Mapping[str, Mapping[str, Any]]
    items: list[Any]

    @classmethod
    def parse(cls, event: object) -> Self:
        """The batch of an event `{"Items": […], "BatchInput": {"run", "source": {"bucket", "format"}, "routes"}}`.

        Raises:
            InvalidRequest: a key is missing or has a wrong value.

        """
        common = value(event, "BatchInput")
        source, routes, items = value(common, "source"), value(common, "routes"), value(event, "Items")
        if not isinstance(items, list) or not items:
            raise InvalidRequest(f"'Items' must be a list of photos, got {kind(items)}")
        if not isinstance(routes, Mapping):
            raise InvalidRequest(f"'routes' must have a route for each class, got {kind(routes)}")
        run = text(common, "run")
        if not RUN.fullmatch(run):
            raise InvalidRequest(f"'run' must be up to 80 letters, digits, '.', '_' and '-', got {kind(run)}")
        encoded = text(source, "format") == "inventory"
        return cls(run, text(source, "bucket", LONGEST["s3_bucket"]), encoded, routes, items)

    @cached_property
    def digest(self) -> str:
        """What tells this batch from all others of its run: a digest of its items."""
        return hashlib.sha256(json.dumps(self.items, sort_keys=True).encode()).hexdigest()[:DIGITS]

    def inference_id(self, number: int) -> str:
        """The identifier of the batch's requests to the endpoint; the same when the batch is tried again."""
        run = hashlib.sha256(self.run.encode()).hexdigest()[:8]
        return f"batch-{run}-{self.digest}-{number}"
