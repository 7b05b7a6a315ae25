"""Errors that clients receive.

moto: errors of the engine have no type, or lack their message. AWS: each has the one that the service's model names.
"""

from functools import partial

from local.protocol.errors import ServiceError
from local.states.mending import replace

GONE = "Provided task does not exist anymore"
MESSAGES = {
    "InvalidToken": "Invalid Token: 'Invalid token'",
    "TaskTimedOut": f"Task Timed Out: '{GONE}'",
    "TaskDoesNotExist": f"Task Does Not Exist: '{GONE}'",
    "ResourceNotFound": "Resource not found: there is no such Map Run",
}


def mend() -> None:
    """Lets clients see the types of errors."""
    from moto.stepfunctions.parser import models

    replace(models, "InvalidDefinition", invalid_definition)
    replace(models, "MissingRequiredParameter", partial(ServiceError, "MissingRequiredParameter"))
    for name, message in MESSAGES.items():
        replace(models, name, partial(ServiceError, name, message))


def invalid_definition(message: str) -> ServiceError:
    """The error for a definition that AWS would not accept."""
    return ServiceError("InvalidDefinition", f"Invalid State Machine Definition: '{message}'")
