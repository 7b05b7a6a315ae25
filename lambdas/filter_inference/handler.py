"""Entry point of the function `filter-inference`."""

from collections.abc import Mapping
from typing import Any

from lambdas.filter_inference.decision import Inference, decide
from lambdas.shared.events import Photo


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo with the decision; low confidence is a decision, not an error.

    Raises:
        InvalidRequest: a key of the event is missing or wrong.

    """
    photo, inference = Photo.parse(event), Inference.parse(event)
    decision = decide(inference)
    return {**photo.as_event(), **decision, **inference.as_event()}
