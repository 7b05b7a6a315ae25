"""Entry point of the function `deploy-model`."""

import json
import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.deploy_model.models import Configuration, Deploy, parse
from lambdas.deploy_model.service import answer
from lambdas.shared.clients import client
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Brings the endpoint a step nearer to what the registry says, and returns what was done.

    The state machine calls this until nothing is left to do. Whoever else asks for a package does not wait for that, so
    the state machine is started. Raises errors of `lambdas.shared.errors`.
    """
    configuration, request = Configuration.parse(os.environ), parse(event)
    logger.append_keys(
        event_id=event.get("id"),  # of EventBridge; the pipeline's requests have none
        requested_package_arn=request.model_package_arn,
        endpoint_name=configuration.endpoint_name,
    )
    outcome = answer(client("sagemaker"), client("s3"), configuration, request)
    logger.append_keys(**outcome.as_event())
    if isinstance(request, Deploy) and outcome.state == "changing" and configuration.state_machine_arn:
        again = json.dumps({"reconcile": {"started": outcome.started}})
        client("stepfunctions").start_execution(stateMachineArn=configuration.state_machine_arn, input=again)
    return outcome.as_event()
