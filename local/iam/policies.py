"""Evaluates IAM policies of roles and of resources. Pure.

As in "Policy evaluation logic" of AWS's user guide, a Deny wins, and what no statement allows is denied.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from local.iam.conditions import Lookup, hold, like, listed
from local.protocol.json_types import Record


def lookup_in(context: Mapping[str, str | list[str]]) -> Lookup:
    """Looks up condition keys in a dictionary, ignoring case."""
    lower = {key.lower(): listed(value) for key, value in context.items()}
    return lambda key: lower.get(key.lower())


def allowed(statements: Iterable[Record], action: str, resource: str, lookup: Lookup) -> bool:
    """Whether the statements of a role's policies allow an action on a resource."""
    return _decide(each for each in statements if _covers(each, action, resource, lookup))


def admits(statements: Iterable[Record], service: str, action: str, lookup: Lookup) -> bool:
    """Whether a resource's policy or a role's trust policy allows an action to a service (sagemaker.amazonaws.com)."""
    return _decide(
        each
        for each in statements
        if _is_principal(each, service)
        and _among(each, "Action", action.lower(), str.lower)
        and hold(each.get("Condition", {}), lookup)
    )


def _decide(statements: Iterable[Record]) -> bool:
    return {each["Effect"] for each in statements} == {"Allow"}


def _is_principal(statement: Record, service: str) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*" or "*" in listed(principal.get("AWS", [])):
        return True
    return service in listed(principal.get("Service", []))


def _covers(statement: Record, action: str, resource: str, lookup: Lookup) -> bool:
    return (
        _among(statement, "Action", action.lower(), str.lower)
        and _among(statement, "Resource", resource, lambda pattern: _filled(pattern, lookup))
        and hold(statement.get("Condition", {}), lookup)
    )


def _among(statement: Record, element: str, value: str, form: Callable[[str], str]) -> bool:
    """Whether a value matches a pattern of an element, or none of the patterns of its Not… form."""
    if patterns := statement.get(f"Not{element}"):
        return not any(like(value, form(pattern)) for pattern in listed(patterns))
    return any(like(value, form(pattern)) for pattern in listed(statement.get(element, [])))


def _filled(pattern: str, lookup: Lookup) -> str:
    """A pattern with variables such as ${aws:PrincipalAccount} replaced by the request's values."""
    return re.sub(r"\$\{([^}]+)\}", lambda match: (lookup(match[1]) or [match[0]])[0], pattern)
