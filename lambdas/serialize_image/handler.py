"""Entry point of the function `serialize-image`."""

from collections.abc import Mapping
from typing import Any

from lambdas.serialize_image.service import serialize
from lambdas.shared.clients import client
from lambdas.shared.events import Photo


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo with its `image_data`; raises the typed errors of `lambdas.shared.errors`."""
    photo = Photo.parse(event)
    image_data = serialize(client("s3"), photo)
    return {**photo.as_event(), "image_data": image_data, "inferences": []}
