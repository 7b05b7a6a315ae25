"""Enforcing IAM: who calls, with which role, and whether the role's policies allow it."""

import re
from collections.abc import Iterable
from typing import Any

from local.actions import Action, of_call, of_s3
from local.context import Context
from local.errors import ServiceError
from local.iam import allowed
from local.json_types import Json, Record
from local.protocol import read, service_model

CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/[^/]+/[^/]+/(?P<service>[^/]+)/")
ALWAYS = ("sts:GetCallerIdentity",)
STATES_ENGINE = "ak"  # the access key with which moto's Step Functions engine calls


class Guard:
    """Decides about requests made with the credentials of roles; all other callers may do everything."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, request: Json) -> None:
        """Raise ServiceError AccessDenied unless the caller of an HTTP request may do what it asks for."""
        match = CREDENTIAL.search(request.headers.get("Authorization", ""))
        if match is None:
            return
        roles = self._roles(match["key"])
        if roles is not None:
            service = match["service"]
            self._demand(roles, _actions(service, request, self._context), _denied_code(service))

    def require(self, role: str, operation: str, request: Record, service: str = "sagemaker") -> None:
        """Raise ServiceError AccessDenied unless a role may call an operation."""
        if self._context.enforce_iam:
            self._demand([role], of_call(service, operation, request, self._context.arn), "AccessDeniedException")

    def _roles(self, access_key: str) -> list[str] | None:
        """The roles whose credentials these are; None for those of an administrator."""
        from moto.backends import get_backend
        from moto.stepfunctions.responses import get_backend as get_states

        if access_key == STATES_ENGINE:
            machines: Any = get_states(self._context.account, self._context.region).state_machines
            return list({run.role_arn for each in machines for run in each.executions if run.exec_status == "RUNNING"})
        found: Any = get_backend("sts")[self._context.account]["aws"].get_assumed_role_from_access_key(access_key)
        return [found.role_arn] if found else None

    def _demand(self, roles: list[str], actions: Iterable[Action], code: str) -> None:
        statements = {role: self._context.roles.statements(role) for role in roles}
        for action in actions:
            if action.name not in ALWAYS and not any(
                allowed(each, action.name, action.resource, action.context) for each in statements.values()
            ):
                who = " or ".join(roles) or "a state machine without a running execution"
                text = f"User: {who} is not authorized to perform: {action.name} on resource: {action.resource}"
                self._context.say(f"iam: denied: {action.name} on {action.resource} to {who.rpartition('/')[2]}")
                raise ServiceError(
                    code, f"{text} because no identity-based policy allows the {action.name} action", 403
                )


def _actions(service: str, request: Json, context: Context) -> Iterable[Action]:
    if service == "s3":
        copied = request.headers.get("x-amz-copy-source", "")
        return of_s3(request.method, request.path, request.args, copied)
    operation, members = called(service, request)
    return of_call(service, operation, members, context.arn)


def called(service: str, request: Json) -> tuple[str, Record]:
    """The operation that a request calls, and its members, by the protocol that the service speaks."""
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2], read(request.get_data())
    if operation := request.form.get("Action"):
        return operation, request.form.to_dict()
    if match := re.fullmatch(r"/endpoints/(?P<name>[^/]+)/invocations", request.path):
        return "InvokeEndpoint", {"EndpointName": match["name"]}
    if match := re.search(r"/operation/(?P<name>\w+)$", request.path):  # RPC v2 CBOR
        return match["name"], {}
    return _by_path(service, request)


def _by_path(service: str, request: Json) -> tuple[str, Record]:
    """The operation of a REST service whose method and path fit best, and the members that are in the path."""
    model = service_model(service)
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>.+)", http["requestUri"].partition("?")[0].rstrip("/"))
        match = re.fullmatch(pattern, request.path.rstrip("/"))
        if match and http["method"] == request.method:
            found.append((len(match.groups()), -len(pattern), name, match.groupdict()))
    if not found:
        return "Unknown", {}
    _, _, name, members = min(found, key=lambda each: each[:3])
    return {"Invoke": "InvokeFunction"}.get(name, name), members


def _denied_code(service: str) -> str:
    return "AccessDenied" if service in ("s3", "sqs", "sts", "iam", "cloudformation") else "AccessDeniedException"
