"""Roles as moto's IAM keeps them: their policies, and credentials to act as them."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from local.iam.conditions import Lookup
from local.iam.policies import admits
from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record

Client = Callable[[str], Json]
ASSUME = "sts:AssumeRole"


class Roles:
    """Gives the statements of roles, and credentials of those that trust a service."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self._account = account
        self._credentials: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def statements(self, arn: str) -> list[Record]:
        """All statements of a role's inline and attached policies; none if there is no such role."""
        role = self._find(arn)
        if role is None:
            return []
        attached = [
            version.document
            for policy in role.managed_policies.values()
            for version in policy.versions
            if version.is_default
        ]
        return [each for document in (*role.policies.values(), *attached) for each in _statements(document)]

    def credentials(self, arn: str, service: str, lookup: Lookup) -> dict[str, str]:
        """The environment variables of an AWS client that acts as a role; raises ServiceError if a service may not.

        `lookup` has the condition keys of the service's call.
        """
        role = self._find(arn)
        if role is None or not admits(_statements(role.assume_role_policy_document), service, ASSUME, lookup):
            raise ServiceError(
                "ValidationException",
                f"Could not assume role {arn}. Please ensure that the role exists and allows principal '{service}' "
                "to assume the role.",
            )
        with self._lock:
            if arn not in self._credentials:
                self._credentials[arn] = self._assume(arn, service.partition(".")[0])
            return self._credentials[arn]

    def _assume(self, arn: str, session: str) -> dict[str, str]:
        made = self._client("sts").assume_role(RoleArn=arn, RoleSessionName=session, DurationSeconds=43_200)
        return {
            "AWS_ACCESS_KEY_ID": made["Credentials"]["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": made["Credentials"]["SecretAccessKey"],
            "AWS_SESSION_TOKEN": made["Credentials"]["SessionToken"],
        }

    def _find(self, arn: str) -> Any:  # noqa: ANN401
        from moto.backends import get_backend

        roles: Any = get_backend("iam")[self._account]["aws"].roles
        return next((role for role in roles.values() if role.arn == arn), None)


def _statements(document: Any) -> list[Record]:  # noqa: ANN401
    """The statements of a policy; of CloudFormation's, moto keeps the text of a Python dictionary, which is YAML."""
    import yaml

    read = yaml.safe_load(document) if isinstance(document, str) else document
    found = read["Statement"]
    return found if isinstance(found, list) else [found]
