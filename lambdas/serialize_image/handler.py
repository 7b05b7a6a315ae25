"""Entry point of the function `serialize-image`."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.serialize_image.identifier import with_identifier
from lambdas.serialize_image.request import flat
from lambdas.serialize_image.service import serialize
from lambdas.shared.clients import client
from lambdas.shared.events import Photo
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns the photo's keys with `image_data`, its small PNG in base64; raises errors of `lambdas.shared.errors`.

    `inference_id` comes as the execution's name and leaves as an identifier that InvokeEndpoint takes.
    """
    request = flat(event)
    photo = Photo.parse(with_identifier(request))
    if photo.inference_id != request["inference_id"]:
        logger.append_keys(execution_name=request["inference_id"])
    logger.append_keys(**photo.as_event())
    image_data = serialize(client("s3"), photo)
    logger.append_keys(image_data_length=len(image_data))
    return {**photo.as_event(), "image_data": image_data, "inferences": []}
