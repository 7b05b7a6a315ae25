"""Entry point of the function `filter-inference`."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.filter_inference.decision import Inference, decide
from lambdas.shared.events import Photo
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo's keys with the decision; a photo that a person has to look at is a decision, not an error.

    Raises:
        InvalidRequest: a key of the event is missing or wrong.

    """
    photo = Photo.parse(event)
    logger.append_keys(**photo.as_event())
    inference = Inference.parse(event)
    decision = decide(inference)
    logger.append_keys(
        **decision, other=inference.other, threshold=inference.threshold, model_version=inference.model_version
    )
    return {**photo.as_event(), **decision, **inference.as_event()}
