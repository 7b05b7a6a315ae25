"""Asks the endpoint about several photos at once."""

import base64
import json
from collections.abc import Iterator, Sequence

from botocore.client import BaseClient

from lambdas.classify_image.models import Prediction
from lambdas.classify_image.service import call, invoke
from lambdas.shared.errors import PhotoRejected

MOST_BYTES = 5_000_000  # of a request; InvokeEndpoint takes 6 MB or more, and a photo is at most 0.21 MB of it
AROUND = len('"", ')  # bytes that JSON adds to each photo

Answer = Prediction | PhotoRejected


def requests(images: Sequence[bytes]) -> Iterator[range]:
    """Which photos go into a request together, in their order, so that none is too large."""
    start, size = 0, 0
    for index, image in enumerate(images):
        length = len(image) * 4 // 3 + 4 + AROUND
        if index > start and size + length > MOST_BYTES:
            yield range(start, index)
            start, size = index, 0
        size += length
    if images:
        yield range(start, len(images))


def ask(runtime: BaseClient, endpoint: str, images: Sequence[bytes], inference_id: str) -> list[Answer]:
    """What the model answers to each photo of a request.

    A model that takes only one photo at a time, or refuses one of these, is asked about each alone.

    Raises:
        EndpointNotReady, EndpointThrottled, ModelFailed, EndpointFailed: as `classify_image.service.invoke` does.

    """
    if len(images) > 1:
        body = json.dumps({"instances": [base64.b64encode(image).decode("ascii") for image in images]}).encode()
        try:
            answer = call(runtime, endpoint, body, "application/json", inference_id)
            return list(Prediction.parse_all(answer, len(images)))
        except PhotoRejected:
            pass
    return [alone(runtime, endpoint, image, inference_id) for image in images]


def alone(runtime: BaseClient, endpoint: str, image: bytes, inference_id: str) -> Answer:
    """What the model answers to one photo, which it may refuse."""
    try:
        return invoke(runtime, endpoint, image, inference_id)
    except PhotoRejected as error:
        return error
