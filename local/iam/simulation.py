"""IAM's SimulatePrincipalPolicy, which moto lacks: whether the policies of a role allow actions.

The SageMaker SDK asks before it uses a role.
"""

from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from local.iam.identities.roles import exists, statements
from local.iam.policies import allowed, lookup_in
from local.protocol.calls import Call
from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context

TAKEN = ("Action", "Version", "PolicySourceArn", "ActionNames", "ResourceArns", "Marker", "MaxItems")
NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"


class Simulator:
    """Answers SimulatePrincipalPolicy for roles."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def answer(self, call: Call, _: Request) -> Response:
        """Decides on each action and resource. Raises ServiceError for anything but a role that exists."""
        if others := sorted({name.partition(".")[0] for name in call.members} - set(TAKEN)):
            raise ValidationError(f"The local AWS does not act upon {others[0]} of SimulatePrincipalPolicy")
        role = call.members.get("PolicySourceArn", "")
        if ":role/" not in role:
            raise ServiceError("InvalidInput", f"The local AWS simulates the policies of roles, not of '{role}'")
        if not exists(self._context.account, role):
            name = role.rpartition("/")[2]
            raise ServiceError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
        found = statements(self._context.account, role)
        results = "".join(
            _result(action, resource, _decision(found, action, resource))
            for action in _listed(call.members, "ActionNames")
            for resource in _listed(call.members, "ResourceArns") or ["*"]
        )
        inner = f"<IsTruncated>false</IsTruncated><EvaluationResults>{results}</EvaluationResults>"
        name = "SimulatePrincipalPolicy"
        text = f'<{name}Response xmlns="{NAMESPACE}"><{name}Result>{inner}</{name}Result></{name}Response>'
        return Response(text, 200, {"Content-Type": "text/xml"})


def _listed(members: Record, name: str) -> list[str]:
    """The items of a list in the query protocol, in their order."""
    prefix = f"{name}.member."
    numbers = sorted(int(key.removeprefix(prefix)) for key in members if key.startswith(prefix))
    return [members[f"{prefix}{number}"] for number in numbers]


def _decision(found: list[Record], action: str, resource: str) -> str:
    if allowed(found, action, resource, lookup_in({})):
        return "allowed"
    denying = [{**each, "Effect": "Allow"} for each in found if each["Effect"] == "Deny"]
    return "explicitDeny" if allowed(denying, action, resource, lookup_in({})) else "implicitDeny"


def _result(action: str, resource: str, decision: str) -> str:
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName><EvalDecision>{decision}</EvalDecision>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName></member>"
    )
