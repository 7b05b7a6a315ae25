"""Entry point of the function `start-workflow`."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.shared.clients import client
from lambdas.shared.environment import variable
from lambdas.shared.logging import logged, logger
from lambdas.start_workflow.service import start
from lambdas.start_workflow.upload import Upload


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Starts an execution for S3's event about a new object, and returns what was done.

    Raises errors of `lambdas.shared.errors`; Lambda then calls again, and at last sends the event to the dead letters.
    """
    upload = Upload.parse(event)
    logger.append_keys(event_id=event.get("id"), size=upload.size, **upload.as_input())
    if upload.nothing_to_see:
        answer = {"action": "skipped", "reason": upload.nothing_to_see}
    else:
        action = start(client("stepfunctions"), variable(os.environ, "STATE_MACHINE_ARN"), upload)
        answer = {"action": action, "execution_name": upload.execution_name}
    logger.append_keys(**answer)
    return answer
