"""Entry point of the function `report-incident`."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.report_incident.models import Configuration, place_of
from lambdas.report_incident.service import Clients, answer
from lambdas.shared.clients import client
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Takes the verdict of a monitoring execution to the incident. Raises errors of `lambdas.shared.errors`."""
    configuration, source = Configuration.parse(os.environ), place_of(event, "verdict_uri")
    logger.append_keys(verdict_uri=source.uri)
    outcome = answer(Clients(client("s3"), client("sns"), client("sagemaker")), configuration, source)
    logger.append_keys(**outcome.as_event())
    return outcome.as_event()
