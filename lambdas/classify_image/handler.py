"""Entry point of the function `classify-image`."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.classify_image.models import endpoint_name, parse
from lambdas.classify_image.service import invoke
from lambdas.shared.clients import client
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo's keys with the endpoint's probabilities; raises errors of `lambdas.shared.errors`."""
    photo, image = parse(event)
    endpoint = endpoint_name(os.environ)
    logger.append_keys(**photo.as_event(), endpoint_name=endpoint)
    prediction = invoke(client("sagemaker-runtime"), endpoint, image, photo.inference_id)
    logger.append_keys(model_version=prediction.model_version)
    return {**photo.as_event(), **prediction.as_event()}
