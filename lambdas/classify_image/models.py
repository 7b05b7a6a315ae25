"""What `classify_image` works with: the photo to classify, the endpoint to call, and the endpoint's answer."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.errors import ConfigurationError, EndpointFailed, InvalidRequest
from lambdas.shared.events import Photo, fraction, kind, probabilities, text, texts, value


def parse(event: Mapping[str, Any]) -> tuple[Photo, bytes]:
    """The photo and the bytes of its PNG; raises InvalidRequest."""
    photo = Photo.parse(event)
    try:
        compact = "".join(text(event, "image_data").split())  # tools that encode base64 break its lines
        return photo, base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest(f"'image_data' must be base64: {error}") from error


def endpoint_name(environment: Mapping[str, str]) -> str:
    """The endpoint to call, from ENDPOINT_NAME; raises ConfigurationError when the variable is not set."""
    if not (name := environment.get("ENDPOINT_NAME")):
        raise ConfigurationError("the environment variable ENDPOINT_NAME is missing: the name of the endpoint to call")
    return name


@dataclass(frozen=True)
class Prediction:
    """A photo's probabilities, with the version and the threshold of the model that made them.

    `probabilities` has one for each label, and `other` is the probability that the photo shows none of them; None where
    the model cannot tell.
    """

    labels: list[str]
    probabilities: list[float]
    other: float | None
    threshold: float
    model_version: str

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The one prediction of a response; as `parse_all`."""
        return cls.parse_all(body, 1)[0]

    @classmethod
    def parse_all(cls, body: bytes, count: int) -> list[Self]:
        """Reads a response `{"labels", "probabilities": [[…], …], "other": […], "threshold", "model_version"}`.

        `count` is how many photos were sent. `other` is null, or absent in answers of older models, where the model
        cannot tell.

        Raises:
            EndpointFailed: the response is not JSON, or a value in it is missing or wrong.

        """
        try:
            response = json.loads(body)
            found = zip(rows(response, "probabilities", count), others(response, count), strict=True)
            return [cls._of(response, f"probabilities[{index}]", *each) for index, each in enumerate(found)]
        except (ValueError, InvalidRequest) as error:
            raise EndpointFailed(f"the endpoint's response breaks its contract: {error}") from error

    @classmethod
    def _of(cls, response: Mapping[str, Any], name: str, row: object, other: float | None) -> Self:
        """The prediction of one photo: its row of probabilities, by the name for errors, and its entry in `other`."""
        labels = texts(response, "labels")
        return cls(
            labels=labels,
            probabilities=probabilities({name: row}, name, len(labels), other),
            other=other,
            threshold=fraction(response, "threshold"),
            model_version=text(response, "model_version"),
        )

    def as_event(self) -> dict[str, Any]:
        """The keys that the next function reads."""
        return {
            "inferences": self.probabilities,
            "other": self.other,
            "labels": self.labels,
            "threshold": self.threshold,
            "model_version": self.model_version,
        }


def others(response: Mapping[str, Any], count: int) -> list[float | None]:
    """For each image the probability that it shows none of the labels; None where the model cannot tell."""
    if response.get("other") is None:
        return [None] * count
    found = rows(response, "other", count)
    return [fraction({f"other[{index}]": other}, f"other[{index}]") for index, other in enumerate(found)]


def rows(response: object, key: str, count: int) -> list[object]:
    """What the response says of each image that was sent."""
    found = value(response, key)
    if not isinstance(found, list) or len(found) != count:
        images = "the one image" if count == 1 else f"each of the {count} images"
        raise InvalidRequest(f"'{key}' must have one row for {images}, got {kind(found)}")
    return found
