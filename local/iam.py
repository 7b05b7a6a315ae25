"""IAM policies: what a role may do. Pure.

Evaluation as in "Policy evaluation logic" of AWS's user guide, for identity-based policies: a Deny wins, nothing is
allowed that no statement allows. A condition on a key that is not known here does not hold.
"""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from local.json_types import Json, Record


def _like(value: str, pattern: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]"))


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringNotEquals": str.__ne__,
    "StringLike": _like,
    "StringNotLike": lambda value, pattern: not _like(value, pattern),
    "ArnEquals": _like,
    "ArnLike": _like,
}


def allowed(statements: Iterable[Record], action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether the statements of a role's policies allow an action on a resource; `context` has condition keys."""
    effects = {each["Effect"] for each in statements if _applies(each, action, resource, context)}
    return effects == {"Allow"}


def trusts(statements: Iterable[Record], service: str) -> bool:
    """Whether a role's trust policy lets a service, such as sagemaker.amazonaws.com, assume the role."""
    return any(
        each["Effect"] == "Allow" and service in _listed(each.get("Principal", {}).get("Service", []))
        for each in statements
    )


def _applies(statement: Record, action: str, resource: str, context: Mapping[str, str]) -> bool:
    return (
        _among(statement, "Action", action.lower(), str.lower)
        and _among(statement, "Resource", resource, str)
        and all(
            _holds(operator, context.get(key), values)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _among(statement: Record, element: str, value: str, form: Callable[[str], str]) -> bool:
    """Whether a value is among the patterns of an element, or not among those of its Not… form."""
    if patterns := statement.get(f"Not{element}"):
        return not any(_like(value, form(pattern)) for pattern in _listed(patterns))
    return any(_like(value, form(pattern)) for pattern in _listed(statement.get(element, [])))


def _holds(operator: str, value: str | None, patterns: Json) -> bool:
    compare = OPERATORS.get(operator)
    if value is None or compare is None:
        return False
    combine = all if "Not" in operator else any
    return combine(compare(value, pattern) for pattern in _listed(patterns))


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [value]
