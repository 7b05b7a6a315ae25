"""The model's side of the endpoint: the four functions that the SageMaker inference toolkit calls."""

import base64
import binascii
import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TypedDict

import numpy as np
from sagemaker_inference.errors import GenericInferenceToolkitError

from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import FORMATS
from photos.reading import squeeze
from steps.arrays import IMAGE_SIZE, Images
from steps.classifier.classifier import Classifier, load_classifier

JSON = "application/json"
IMAGE_TYPES = ("image/png", "image/jpeg", "application/x-image")


class Prediction(TypedDict):
    """The response: `labels` names the columns of `probabilities`, which has one row an image."""

    labels: list[str]
    probabilities: list[list[float]]
    threshold: float
    model_version: str
    synthetic: bool  # the model learned from generated images


def model_fn(model_dir: str) -> Classifier:
    """Load the model folder; raises ModelError."""
    return load_classifier(Path(model_dir))


def input_fn(body: bytes | bytearray | str, content_type: str | None) -> Images:
    """Photos uint8 (N, 32, 32, 3) of a request; raises a 400 where one is unreadable, a 415 on other content types."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type == JSON:
        return np.stack([_decode(content, index) for index, content in enumerate(_instances(body))])
    if media_type in IMAGE_TYPES and not isinstance(body, str):
        return _decode(bytes(body), 0)[np.newaxis]
    raise _refusal(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        f"Content type '{content_type}' is not supported. Send one of {', '.join((*IMAGE_TYPES, JSON))}.",
    )


def predict_fn(images: Images, classifier: Classifier) -> Prediction:
    """Calibrated probabilities, with the threshold, version and origin of the model that gives them."""
    return {
        "labels": list(classifier.info.classes),
        "probabilities": classifier.probabilities(images).tolist(),
        "threshold": classifier.info.threshold,
        "model_version": classifier.info.model_version,
        "synthetic": classifier.info.synthetic,
    }


def output_fn(prediction: Prediction, accept: str) -> tuple[str, str]:
    """The response as JSON; raises a 406 where the caller accepts only something else."""
    accepted = [entry.partition(";")[0].strip().lower() for entry in accept.split(",")]
    if not {JSON, "application/*", "*/*"} & set(accepted):
        raise _refusal(HTTPStatus.NOT_ACCEPTABLE, f"'{accept}' cannot be produced. Accept {JSON}.")
    return json.dumps(prediction), JSON


def _instances(body: bytes | bytearray | str) -> Sequence[bytes]:
    expected = 'Send {"instances": ["<base64 of an image>", …]} with at least one image.'
    try:
        instances = json.loads(body)["instances"]
        contents = [base64.b64decode(instance, validate=True) for instance in instances]
    except (ValueError, LookupError, TypeError, RecursionError, binascii.Error) as error:
        raise _refusal(HTTPStatus.BAD_REQUEST, f"The JSON cannot be read ({error!r}). {expected}") from error
    if not contents or not isinstance(instances, list):
        raise _refusal(HTTPStatus.BAD_REQUEST, f"The JSON holds no list of images. {expected}")
    return contents


def _decode(content: bytes, index: int) -> Images:
    try:
        return np.asarray(squeeze(content, IMAGE_SIZE).image)
    except PhotoTooLargeError as error:
        raise _refusal(HTTPStatus.BAD_REQUEST, f"Image {index}: {error}") from error
    except UnreadablePhotoError as error:
        message = f"The photo cannot be decoded ({error}). Send a whole image as one of {', '.join(FORMATS)}."
        raise _refusal(HTTPStatus.BAD_REQUEST, f"Image {index}: {message}") from error


def _refusal(status: HTTPStatus, message: str) -> GenericInferenceToolkitError:
    # The phrase goes into the status line of the response, which takes plain ASCII only.
    return GenericInferenceToolkitError(status.value, message, status.phrase)
