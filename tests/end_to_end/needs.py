"""Which statements of which roles the main job needed, as the local AWS kept them, beside those that the roles have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from end_to_end.support import ROOT, Scones

PREFIX = "scones-unlimited-local-"
# What a push, people and what follows from their decisions need: the folder `delivery` does that, `main_job` the rest.
DELIVERING_ROLES = {"announce-version", "approver", "delivery", "reader"}
DELIVERING_STATEMENTS = {("deploy-model", "TellApprovers"), ("deploy-model", "TellApproversOnce")}
Needed = dict[tuple[str, str], set[str]]


def needed(scones: Scones) -> Needed:
    """The actions for which a statement was needed, by role and statement."""
    found: Needed = {}
    path = scones.build / "local" / "logs" / "iam-needs.jsonl"
    for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        role = line["role"].removeprefix(PREFIX)
        found.setdefault((role, line["statement"]), set()).add(line["action"])
    return found


def documented() -> Needed:
    """docs/permissions.md: the actions for which each statement is needed; none where it says why it is not."""
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    return {
        (role, sid): set() if why.startswith("–") else set(re.findall(r"`(\w+:\w+)`", why)) for role, sid, why in rows
    }


def missing(scones: Scones, *, delivering: bool) -> Needed:
    """What docs/permissions.md says of the one folder's statements, and what nothing there has needed."""
    found = needed(scones)
    rows = {
        row: actions - found.get(row, set())
        for row, actions in documented().items()
        if delivering == (row[0] in DELIVERING_ROLES or row in DELIVERING_STATEMENTS)
    }
    return {row: actions for row, actions in rows.items() if actions}


def allowing(scones: Scones) -> set[tuple[str, str]]:
    """All statements that allow something, by role and statement."""
    iam = scones.client("iam")
    roles = [each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"].startswith(PREFIX)]
    return {
        (role.removeprefix(PREFIX), each["Sid"])
        for role in roles
        for each in _statements(iam, role)
        if each["Effect"] == "Allow"
    }


def _statements(iam: Any, role: str) -> Iterator[dict[str, Any]]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        # moto answers with a Python dictionary, or the text of one, where AWS has JSON; YAML reads both texts.
        yield from (document if isinstance(document, dict) else yaml.safe_load(document))["Statement"]
