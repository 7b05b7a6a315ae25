"""What the function gets: the event and the environment."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from lambdas.shared.errors import ConfigurationError, InvalidRequest
from lambdas.shared.events import Photo, text


def parse(event: Mapping[str, Any]) -> tuple[Photo, bytes]:
    """The photo and its PNG; raises InvalidRequest."""
    photo = Photo.parse(event)
    try:
        return photo, base64.b64decode(text(event, "image_data"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest(f"'image_data' must be base64: {error}") from error


def endpoint_name(environment: Mapping[str, str]) -> str:
    """ENDPOINT_NAME of the environment; raises ConfigurationError."""
    if not (name := environment.get("ENDPOINT_NAME")):
        raise ConfigurationError("the environment variable ENDPOINT_NAME is missing: the name of the endpoint to call")
    return name
