"""Roles: the statements of their policies, and credentials to act as them. moto's IAM keeps the roles."""

import functools
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from local.iam.policies import admits, lookup_in
from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.runtime.context import Context

ASSUME = "sts:AssumeRole"
POLICIES = 512  # that are kept as they were read
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def exists(account: str, arn: str) -> bool:
    """Whether there is a role with an ARN."""
    return _find(account, arn) is not None


def statements(account: str, arn: str) -> list[Record]:
    """All statements of a role's inline and attached policies; empty if the role does not exist."""
    role = _find(account, arn)
    if role is None:
        return []
    attached = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.is_default
    ]
    return [each for document in (*role.policies.values(), *attached) for each in _statements(document)]


class AssumedRoles:
    """Assumes roles for services whom their trust policies allow it. Each role is assumed only once."""

    def __init__(self) -> None:
        self._credentials: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def __call__(self, context: Context, role: str, service: str, source: str) -> dict[str, str]:
        """Variables for clients that act as a role. Raises ServiceError if the role does not trust the service.

        `service` is a principal such as sagemaker.amazonaws.com, `source` the ARN of the resource for which it acts.
        """
        keys = lookup_in({"aws:SourceAccount": context.account, "aws:SourceArn": source})
        found = _find(context.account, role)
        if found is None or not admits(_statements(found.assume_role_policy_document), service, ASSUME, keys):
            raise ServiceError(
                "ValidationException",
                f"Could not assume role {role}. Please ensure that the role exists and allows principal '{service}' "
                "to assume the role.",
            )
        with self._lock:
            if role not in self._credentials:
                self._credentials[role] = _assume(context, role, service.partition(".")[0])
            return self._credentials[role]


def _assume(context: Context, role: str, session: str) -> dict[str, str]:
    from moto.backends import get_backend

    made = context.client("sts").assume_role(RoleArn=role, RoleSessionName=session, DurationSeconds=43_200)
    kept: Any = get_backend("sts")[context.account]["aws"]
    # AWS renews the credentials of what runs. Here they last as long as the local AWS.
    kept.get_assumed_role_from_access_key(made["Credentials"]["AccessKeyId"]).expiration = FOREVER
    return {
        "AWS_ACCESS_KEY_ID": made["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": made["Credentials"]["SessionToken"],
    }


def _find(account: str, arn: str) -> Any:  # noqa: ANN401
    from moto.backends import get_backend

    roles: Any = get_backend("iam")[account]["aws"].roles
    return next((role for role in roles.values() if role.arn == arn), None)


def _statements(document: Any) -> list[Record]:  # noqa: ANN401
    """The statements of a policy, which nobody may change: they are kept for the next request."""
    read = _read(document) if isinstance(document, str) else document
    found = read["Statement"]
    return found if isinstance(found, list) else [found]


@functools.lru_cache(POLICIES)
def _read(document: str) -> Any:  # noqa: ANN401
    """The policy in a text. moto keeps policies of stacks as text of a Python dictionary, which is valid YAML.

    To read a policy takes tens of milliseconds, and each request asks for all of its role.
    """
    import yaml

    return yaml.safe_load(document)
