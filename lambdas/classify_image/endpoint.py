"""One call of the endpoint, with AWS's errors turned into the workflow's."""

from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.classify_image.prediction import Prediction
from lambdas.shared.errors import EndpointFailed, EndpointNotReady, EndpointThrottled, PhotoRejected

OVERLOADED = {"ThrottlingException", "Throttling", "ServiceUnavailable", "ModelNotReadyException"}


def invoke(runtime: BaseClient, endpoint: str, image: bytes, inference_id: str) -> Prediction:
    """The prediction for a PNG.

    Raises:
        PhotoRejected, EndpointNotReady, EndpointThrottled, EndpointFailed: see `translated`.

    """
    try:
        answer = runtime.invoke_endpoint(
            EndpointName=endpoint,
            ContentType="image/png",
            Accept="application/json",
            InferenceId=inference_id,
            Body=image,
        )
        body: bytes = answer["Body"].read()
    except ClientError as error:
        raise translated(error) from error
    except BotoCoreError as error:
        raise EndpointFailed(f"the call of endpoint '{endpoint}' broke off: {error}") from error
    return Prediction.parse(body)


def translated(error: ClientError) -> Exception:
    """The workflow's error for an error of InvokeEndpoint (codes: its API reference)."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code == "ModelError":
        return model_error(error.response)
    if code in OVERLOADED:
        return EndpointThrottled(f"{code}: {message}")
    if code in {"ValidationError", "ValidationException"} and is_absent(message):
        return EndpointNotReady(message)
    return EndpointFailed(f"{code}: {message}")


def model_error(response: Mapping[str, Any]) -> Exception:
    """The model's own answer: its 4xx is about the photo, anything else about the model."""
    status = response.get("OriginalStatusCode", 500)
    said = f"the model answered {status}: {response.get('OriginalMessage') or response['Error'].get('Message', '')}"
    return PhotoRejected(said) if 400 <= status < 500 else EndpointFailed(said)


def is_absent(message: str) -> bool:
    """Whether a validation error is about a missing or stopped endpoint, and not about the call."""
    lowered = message.lower()
    return "endpoint" in lowered and any(
        words in lowered for words in ("not found", "could not find", "not inservice", "not in service")
    )
