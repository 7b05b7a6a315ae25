"""The model's side of the endpoint: the four functions that the SageMaker inference toolkit calls."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import TypedDict

import numpy as np
from sagemaker_inference import content_types
from sagemaker_inference.errors import GenericInferenceToolkitError

from photos.bodies import EXPECTED, JSON_TYPES, PHOTO_TYPE, is_json, is_photo, media_type, photos_of
from photos.errors import InvalidBodyError, PhotoTooLargeError, TooManyPhotosError, UnreadablePhotoError
from photos.limits import FORMATS
from photos.reading import square
from steps.arrays import IMAGE_SIZE, Images
from steps.classifier.classifier import Classifier, load_classifier

JSON = JSON_TYPES[0]
ACCEPTED = ("image/png", "image/jpeg", "any other image/… type", PHOTO_TYPE, JSON)


class Prediction(TypedDict):
    """The response: `labels` names the columns of `probabilities`, which has one row an image.

    A row and the image's entry in `other` make 1 together. A model that cannot tell has null there. `upright` is
    about the camera, whatever the image shows.
    """

    labels: list[str]
    probabilities: list[list[float]]
    other: list[float] | None  # probability that an image shows none of the classes
    upright: list[float]  # probability that an image is not turned by 90°, 180° or 270°
    threshold: float
    model_version: str
    synthetic: bool  # the model learned from generated images


def model_fn(model_dir: str) -> Classifier:
    """Load the model folder; raises ModelError."""
    # The toolkit would decode such bodies as UTF-8 before `input_fn` sees them, and answer 500 where that fails.
    content_types.UTF8_TYPES.clear()
    return load_classifier(Path(model_dir))


def input_fn(body: bytes | bytearray | str, content_type: str | None) -> Images:
    """Photos uint8 (N, 32, 32, 3) of a request.

    Raises:
        GenericInferenceToolkitError: 400 where the body or a photo cannot be read, 413 where there are too many
            photos, 415 where the content type is another.
    """
    media = media_type(content_type)
    if is_json(media):
        return np.stack([_decode(content, index) for index, content in enumerate(_photos(body))])
    if is_photo(media) and not isinstance(body, str):
        return _decode(bytes(body), 0)[np.newaxis]
    raise _refusal(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        f"Content type '{(content_type or '')[:100]}' is not supported. Send one of {', '.join(ACCEPTED)}.",
    )


def predict_fn(images: Images, classifier: Classifier) -> Prediction:
    """Calibrated probabilities, with the threshold, version and origin of the model that gives them."""
    answer = classifier.answer(images)
    return {
        "labels": list(classifier.info.classes),
        "probabilities": answer.probabilities.tolist(),
        "other": None if answer.other is None else answer.other.tolist(),
        "upright": answer.upright.tolist(),
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


def _photos(body: bytes | bytearray | str) -> list[bytes]:
    try:
        return photos_of(body)
    except TooManyPhotosError as error:
        raise _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from error
    except InvalidBodyError as error:
        raise _refusal(HTTPStatus.BAD_REQUEST, f"The JSON cannot be read: {error}. {EXPECTED}") from error


def _decode(content: bytes, index: int) -> Images:
    try:
        return np.asarray(square(content, IMAGE_SIZE).image)
    except PhotoTooLargeError as error:
        raise _refusal(HTTPStatus.BAD_REQUEST, f"Image {index}: {error}") from error
    except UnreadablePhotoError as error:
        message = f"The photo cannot be decoded ({error}). Send a whole image as one of {', '.join(FORMATS)}."
        raise _refusal(HTTPStatus.BAD_REQUEST, f"Image {index}: {message}") from error


def _refusal(status: HTTPStatus, message: str) -> GenericInferenceToolkitError:
    # The phrase goes into the status line of the response, which takes plain ASCII only.
    return GenericInferenceToolkitError(status.value, message, status.phrase)
