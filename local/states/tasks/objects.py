"""Objects of S3.

moto: answers do not say how an object is encrypted. AWS: every new object is, with AES256, and says so; an object that
is written in one piece has a checksum of the whole object.
"""

from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.states.mending import wrap

ENCRYPTED = ("put_object", "get_object", "head_object", "copy_object", "create_multipart_upload")


def mend() -> None:
    """Lets results of tasks say what AWS says of objects."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    wrap(StateTaskServiceAwsSdk, "_eval_service_task", _call)


def _call(call: Callable[..., None], self: Any, env: Any, **named: Any) -> None:
    call(self, env=env, **named)
    if self._get_boto_service_name() == "s3":
        complete(self._get_boto_service_action(), env.stack[-1])


def complete(action: str, answer: Record) -> None:
    """Adds to the answer of an operation, named as boto3 does, what AWS would say in it."""
    if action in ENCRYPTED:
        answer.setdefault("ServerSideEncryption", "AES256")
    if action == "put_object" and any(name.startswith("Checksum") for name in answer):
        answer.setdefault("ChecksumType", "FULL_OBJECT")
