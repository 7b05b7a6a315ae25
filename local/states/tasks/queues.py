"""Errors of queues.

moto: whatever SQS refuses is SQS.SdkClientException. AWS: that is for calls that reach no service; what the service
refuses is SQS.AmazonSQSException, or the exception that the service has for it.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from local.protocol.json_types import Record
from local.states.mending import wrap

UNREACHABLE = "UnknownHost"
HOSTS = re.compile(r"127\.0\.0\.1|localhost|.+\.amazonaws\.com(\.cn)?")
MISSING_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def mend() -> None:
    """Lets tasks fail with AWS's names."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sqs import (
        StateTaskServiceSqs,
    )

    wrap(StateTaskServiceSqs, "_eval_service_task", _call)
    wrap(StateTaskServiceSqs, "_from_error", _explain)


def _call(call: Callable[..., None], self: Any, env: Any, normalised_parameters: Record, **more: Any) -> None:
    check_host(str(normalised_parameters.get("QueueUrl")))
    call(self, env=env, normalised_parameters=normalised_parameters, **more)


def _explain(explain: Callable[..., Any], self: Any, env: Any, ex: Exception) -> Any:
    from botocore.exceptions import ClientError

    event = explain(self, env=env, ex=ex)
    if isinstance(ex, ClientError):
        name, cause = named(ex.response)
        event.error_name.error_name = name
        event.event_details["taskFailedEventDetails"].update(error=name, cause=cause)
    return event


def check_host(url: str) -> None:
    """Raises boto3's ClientError for the URL of a queue whose host AWS would not find."""
    from botocore.exceptions import ClientError

    host = urlsplit(url).hostname or url
    if not HOSTS.fullmatch(host):
        message = f"Unable to execute HTTP request: {host}: Name or service not known"
        raise ClientError({"Error": {"Code": UNREACHABLE, "Message": message}}, "SendMessage")


def named(response: Any) -> tuple[str, str]:
    """The name of the error and its cause, for an error that boto3 received."""
    error, metadata = response["Error"], response.get("ResponseMetadata", {})
    if error["Code"] == UNREACHABLE:
        return "SQS.SdkClientException", error["Message"]
    details = (
        "Service: AmazonSQS",
        f"Status Code: {metadata.get('HTTPStatusCode')}",
        f"Error Code: {error['Code']}",
        f"Request ID: {metadata.get('RequestId')}",
        "Proxy: null",
    )
    name = "QueueDoesNotExistException" if error["Code"] in MISSING_QUEUE else "AmazonSQSException"
    return f"SQS.{name}", f"{error['Message']} ({'; '.join(details)})"
