"""Authorizes requests: finds the calling role and checks its policies."""

from collections.abc import Iterable

from local.iam.actions import Action, of_call, of_s3
from local.iam.condition_keys import of_action
from local.iam.identities.caller import calling_role
from local.iam.identities.roles import statements
from local.iam.needs import Needs
from local.iam.policies import allowed
from local.protocol.calls import Call
from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record
from local.runtime.context import Context

ALWAYS = ("sts:GetCallerIdentity",)
NEEDS = "iam-needs.jsonl"  # in the folder of logs


class Guard:
    """Checks requests that are made with the credentials of a role. All other callers may do everything."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._needs = Needs(context.logs / NEEDS)

    def check(self, call: Call, request: Json) -> None:
        """Raises ServiceError AccessDenied unless the caller of an HTTP request is allowed to make it."""
        if not self._context.enforce_iam:
            return
        if call.service == "s3":
            copied = request.headers.get("x-amz-copy-source", "")
            actions = of_s3(request.method, request.path, request.args, copied)
        else:
            actions = of_call(call.service, call.operation, call.members, self._context.arn)
        if role := calling_role(call, request.headers, self._context):
            self._demand(role, actions, call, request)
        if call.service == "states" and (trusting := call.members.get("roleArn")):
            name = call.members.get("name", "")
            source = call.members.get("stateMachineArn") or self._context.arn("states", f"stateMachine:{name}")
            self._context.credentials(trusting, "states.amazonaws.com", source)

    def require(self, role: str, operation: str, request: Record, service: str = "sagemaker") -> None:
        """Raises ServiceError AccessDenied unless a role is allowed to call an operation."""
        if self._context.enforce_iam:
            call = Call(service, "", operation, request)
            self._demand(role, of_call(service, operation, request, self._context.arn), call)

    def _demand(self, role: str, actions: Iterable[Action], call: Call, request: Json = None) -> None:
        found = statements(self._context.account, role)
        for action in actions:
            lookup = of_action(self._context, role, action, call, request)
            if action.name in ALWAYS:
                continue
            if allowed(found, action.name, action.resource, lookup):
                self._needs.note(role, found, action, lookup)
                continue
            self._context.say(f"iam: denied: {action.name} on {action.resource} to {role.rpartition('/')[2]}")
            text = f"User: {role} is not authorized to perform: {action.name} on resource: {action.resource}"
            reason = f"because no identity-based policy allows the {action.name} action"
            raise ServiceError(_code(call.service), f"{text} {reason}", 403)


def _code(service: str) -> str:
    return "AccessDenied" if service in ("s3", "sqs", "sts", "iam", "cloudformation") else "AccessDeniedException"
