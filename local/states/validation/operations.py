"""Checks the resources of tasks that call an operation of any service: `arn:aws:states:::aws-sdk:s3:getObject`."""

import re

from local.states.tasks.members import operation
from local.states.tasks.services import BOTO3

CALLS = re.compile(r"arn:aws[a-z-]*:states:::aws-sdk:.*")
CALL = re.compile(r"arn:aws[a-z-]*:states:::aws-sdk:(?P<service>\w+):(?P<action>[a-z]\w*)(\.waitForTaskToken)?")


def is_known(resource: str) -> bool:
    """Whether a resource is an operation that there is, or not of that kind."""
    from botocore.exceptions import UnknownServiceError

    if not CALLS.fullmatch(resource):
        return True
    call = CALL.fullmatch(resource)
    try:
        return bool(call and operation(BOTO3.get(call["service"], call["service"]), call["action"].lower()))
    except (UnknownServiceError, KeyError):
        return False
