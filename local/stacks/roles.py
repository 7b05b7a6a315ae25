"""Updates of roles in templates: trust policy, inline policies, permissions boundary, tags and longest session.

moto changes nothing but the description, and does not give inline policies as JSON. AWS: what the template says holds
from then on; an inline policy that somebody has added by hand stays.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.stacks.resources import properties_of
from local.states.mending import wrap

HOUR = 3600  # seconds, the longest session unless a template says otherwise


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation update roles."""
    from moto.iam.models import Role

    wrap(Role, "create_from_cloudformation_json", _create)
    wrap(Role, "update_from_cloudformation_json", _update)


def _create(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    role = make(*given, **named)
    role.policies.update(inline_policies(properties_of(given, named)))
    role.of_template = sorted(role.policies)
    return role


def _update(update: Callable[..., Any], **given: Any) -> Any:
    role, properties = update(**given), properties_of((), given)
    wanted = inline_policies(properties)
    role.assume_role_policy_document = _json(properties["AssumeRolePolicyDocument"])
    for name in set(getattr(role, "of_template", role.policies)) - set(wanted):
        role.policies.pop(name, None)
    role.policies.update(wanted)
    role.of_template = sorted(wanted)
    role.permissions_boundary_arn = properties.get("PermissionsBoundary", "")
    role.max_session_duration = properties.get("MaxSessionDuration", HOUR)
    role.tags = properties.get("Tags", [])
    return role


def inline_policies(properties: Record) -> dict[str, str]:
    """A role's inline policies by name, as JSON."""
    return {policy["PolicyName"]: _json(policy["PolicyDocument"]) for policy in properties.get("Policies", [])}


def _json(document: str | Record) -> str:
    """A document of a template as JSON. YAML makes a date of its version."""
    return document if isinstance(document, str) else json.dumps(document, default=str)
