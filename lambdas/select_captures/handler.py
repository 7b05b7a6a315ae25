"""Entry point of the function `select-captures`."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.select_captures.request import Request
from lambdas.select_captures.service import answer
from lambdas.shared.clients import client
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Writes the lists of what a window needs. Raises InvalidRequest."""
    request = Request.parse(event)
    logger.append_keys(captures_uri=request.captures.uri, place=request.place.uri)
    selected = answer(client("s3"), request)
    logger.append_keys(**selected)
    return {"place": request.place.uri}
