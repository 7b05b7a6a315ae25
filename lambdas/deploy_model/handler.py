"""Entry point of the function `deploy-model`."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.requests import Deploy, Request, TidyUp, parse
from lambdas.deploy_model.service import answer
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.tidying import tidy_up
from lambdas.shared.clients import client
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Brings the endpoint a step nearer to what the registry says, or tidies up, and returns what was done.

    The state machine calls this until nothing is left to do. Whoever else asks for a package does not wait for that, so
    the state machine is started. Raises errors of `lambdas.shared.errors`.
    """
    configuration, request = Configuration.parse(os.environ), parse(event)
    logger.append_keys(
        event_id=event.get("id"),  # of EventBridge; the pipeline's requests have none
        endpoint_name=configuration.endpoint_name,
    )
    if isinstance(request, TidyUp):
        deleted = tidy_up(Clients.connect(), configuration, datetime.now(UTC))
        logger.append_keys(**deleted)
        return deleted
    return reconciled(configuration, request)


def reconciled(configuration: Configuration, request: Request) -> dict[str, Any]:
    """What was done about a request, in the form of the function's answer."""
    logger.append_keys(requested_package_arn=request.model_package_arn)
    outcome = answer(Clients.connect(), configuration, request, datetime.now(UTC))
    logger.append_keys(**outcome.as_event())
    if isinstance(request, Deploy) and outcome.state == "changing" and configuration.state_machine_arn:
        again = json.dumps({"reconcile": {"started": outcome.started}})
        client("stepfunctions").start_execution(stateMachineArn=configuration.state_machine_arn, input=again)
    return outcome.as_event()
