"""Which statements of which roles the main job needed, as the local AWS kept them, beside those that the roles have."""

import json
from collections.abc import Iterator
from typing import Any

import yaml
from end_to_end.support import Scones

PREFIX = "scones-unlimited-local-"
Needed = dict[tuple[str, str], set[str]]


def needed(scones: Scones) -> Needed:
    """The actions for which a statement was needed, by role and statement."""
    found: Needed = {}
    path = scones.build / "local" / "logs" / "iam-needs.jsonl"
    for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        role = line["role"].removeprefix(PREFIX)
        found.setdefault((role, line["statement"]), set()).add(line["action"])
    return found


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
