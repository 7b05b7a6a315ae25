"""Starts executions of the workflow."""

import json
from typing import Literal

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.shared.errors import WorkflowNotStarted
from lambdas.start_workflow.upload import Upload


def start(states: BaseClient, machine: str, upload: Upload) -> Literal["started", "already_started"]:
    """Starts the one execution that an upload has. If S3 or EventBridge has told of it before, there is one already.

    While that one runs, Step Functions answers as if it had been started now.

    Raises:
        WorkflowNotStarted: Step Functions refused, or cannot be reached.

    """
    name, given = upload.execution_name, json.dumps(upload.as_input())
    try:
        states.start_execution(stateMachineArn=machine, name=name, input=given)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code == "ExecutionAlreadyExists":
            return "already_started"
        raise WorkflowNotStarted(f"Step Functions answered {code}: {message}") from error
    except BotoCoreError as error:
        raise WorkflowNotStarted(f"Step Functions cannot be reached: {error}") from error
    return "started"
