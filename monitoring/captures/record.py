"""One line of a data capture file: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html."""

import base64
import binascii
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from monitoring.errors import UnusableLineError

Model = TypeVar("Model", bound=BaseModel)


class CaptureModel(BaseModel):
    """A part of a line. Keys that are not listed are ignored."""

    model_config = ConfigDict(frozen=True)


class Payload(CaptureModel):
    """The body of a request or an answer, as text in one of three encodings."""

    observed_content_type: str | None = Field(None, alias="observedContentType")
    data: str
    encoding: Literal["BASE64", "CSV", "JSON"]

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters such as `charset`; empty when none was sent."""
        return (self.observed_content_type or "").partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """The bytes that were sent. Raises UnusableLineError if the text does not match its encoding."""
        return decode_base64(self.data) if self.encoding == "BASE64" else self.data.encode()


class CaptureData(CaptureModel):
    """Request and answer; None for the one that was not captured."""

    endpoint_input: Payload | None = Field(None, alias="endpointInput")
    endpoint_output: Payload | None = Field(None, alias="endpointOutput")


class EventMetadata(CaptureModel):
    """Identifies the request and says when it was made."""

    event_id: str = Field(alias="eventId", min_length=1)
    inference_id: str | None = Field(None, alias="inferenceId")
    inference_time: AwareDatetime = Field(alias="inferenceTime")


class Record(CaptureModel):
    """A complete line of a capture file."""

    data: CaptureData = Field(alias="captureData")
    metadata: EventMetadata = Field(alias="eventMetadata")


def decode_base64(text: str) -> bytes:
    """Decodes base64. Raises UnusableLineError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableLineError(f"its data is not base64: {error}") from error


def parse(model: type[Model], content: bytes) -> Model:
    """Parses JSON into a model. Raises UnusableLineError, which names the first invalid key."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnusableLineError(f"{where}: {first['msg']}" if where else first["msg"]) from error
