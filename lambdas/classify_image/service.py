"""Calls the endpoint, and translates errors of AWS into the typed errors that the workflow handles."""

from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.classify_image.models import Prediction
from lambdas.shared.errors import EndpointFailed, EndpointNotReady, EndpointThrottled, ModelFailed, PhotoRejected

OVERLOADED = {"ThrottlingException", "Throttling", "ServiceUnavailable", "ModelNotReadyException"}


def invoke(runtime: BaseClient, endpoint: str, image: bytes, inference_id: str) -> Prediction:
    """The prediction for a PNG; raises the errors of `call`."""
    return Prediction.parse(call(runtime, endpoint, image, "image/png", inference_id))


def call(runtime: BaseClient, endpoint: str, body: bytes, content_type: str, inference_id: str) -> bytes:
    """The endpoint's answer to a request.

    Raises:
        PhotoRejected: the model cannot use this photo.
        EndpointNotReady: the endpoint does not exist or is not in service.
        EndpointThrottled: the endpoint is overloaded.
        ModelFailed: the model answered with HTTP 5xx.
        EndpointFailed: any other error; with `invoke`, also an answer that breaks the contract.

    """
    try:
        answer = runtime.invoke_endpoint(
            EndpointName=endpoint,
            ContentType=content_type,
            Accept="application/json",
            InferenceId=inference_id,
            Body=body,
        )
        content: bytes = answer["Body"].read()
    except ClientError as error:
        raise translated(error) from error
    except BotoCoreError as error:
        raise EndpointFailed(f"the call of endpoint '{endpoint}' broke off: {error}") from error
    return content


def translated(error: ClientError) -> Exception:
    """The typed error for an error of InvokeEndpoint, whose API reference lists the codes."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code == "ModelError":
        return model_error(error.response)
    if code in OVERLOADED:
        return EndpointThrottled(f"{code}: {message}")
    if code in {"ValidationError", "ValidationException"} and is_absent(message):
        return EndpointNotReady(message)
    return EndpointFailed(f"{code}: {message}")


def model_error(response: Mapping[str, Any]) -> Exception:
    """The typed error for an error response of the model: HTTP 4xx blames the photo, anything else the model."""
    status = response.get("OriginalStatusCode", 500)
    said = f"the model answered {status}: {response.get('OriginalMessage') or response['Error'].get('Message', '')}"
    return PhotoRejected(said) if 400 <= status < 500 else ModelFailed(said)


def is_absent(message: str) -> bool:
    """Whether a validation error means that the endpoint is missing or not in service, not that the call is wrong."""
    lowered = message.lower()
    return "endpoint" in lowered and any(
        words in lowered for words in ("not found", "could not find", "not inservice", "not in service")
    )
