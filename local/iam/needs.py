"""Keeps which statement of which role was needed for what: without it, the request would have been denied.

So a run of everything that a project does proves which permissions it needs, and which it never uses.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from local.iam.actions import Action
from local.iam.conditions import Lookup
from local.iam.policies import allowed
from local.protocol.json_types import Record


class Needs:
    """A file of JSON lines, one for each role, statement (`Sid`) and action: the first request that needed it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[tuple[str, str]] = set()
        self._lock = Lock()

    def note(self, role: str, statements: Sequence[Record], action: Action, lookup: Lookup) -> None:
        """Notes the statements without which a role could not do what it just did.

        The same action of a role is looked at again only for another kind of resource, or another folder of a bucket.
        """
        seen = (role, f"{action.name} {'/'.join(action.resource.split('/')[:2])}")
        with self._lock:
            if seen in self._known:
                return
            self._known.add(seen)
        for index, statement in enumerate(statements):
            without = [*statements[:index], *statements[index + 1 :]]
            if "Sid" in statement and not allowed(without, action.name, action.resource, lookup):
                self._write(role.rpartition("/")[2], statement["Sid"], action)

    def _write(self, role: str, sid: str, action: Action) -> None:
        line = {"role": role, "statement": sid, "action": action.name, "resource": action.resource}
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
