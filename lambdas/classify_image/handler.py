"""Entry point of the function `classify-image`."""

import os
from collections.abc import Mapping
from typing import Any

from lambdas.classify_image.models import endpoint_name, parse
from lambdas.classify_image.service import invoke
from lambdas.shared.clients import client


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo with the endpoint's probabilities; raises the typed errors of `lambdas.shared.errors`."""
    photo, image = parse(event)
    prediction = invoke(client("sagemaker-runtime"), endpoint_name(os.environ), image, photo.inference_id)
    return {**photo.as_event(), **prediction.as_event()}
