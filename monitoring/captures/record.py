"""One line of a data capture file: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html."""

import base64
import binascii
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from monitoring.errors import UnusableLineError

Model = TypeVar("Model", bound=BaseModel)


class CaptureModel(BaseModel):
    """A part of a line; keys that nobody here needs are passed over."""

    model_config = ConfigDict(frozen=True)


class Payload(CaptureModel):
    """What went into or came out of the endpoint, as text in one of three encodings."""

    observed_content_type: str | None = Field(None, alias="observedContentType")
    data: str
    encoding: Literal["BASE64", "CSV", "JSON"]

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters such as `charset`; empty when none was sent."""
        return (self.observed_content_type or "").partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """The bytes that were sent. Raises UnusableLineError when they are not in the encoding that the line names."""
        return decode_base64(self.data) if self.encoding == "BASE64" else self.data.encode()


class CaptureData(CaptureModel):
    """Request and answer; a capture of one of them only lacks the other."""

    endpoint_input: Payload | None = Field(None, alias="endpointInput")
    endpoint_output: Payload | None = Field(None, alias="endpointOutput")


class EventMetadata(CaptureModel):
    """Which request it was, and when."""

    event_id: str = Field(alias="eventId", min_length=1)
    inference_id: str | None = Field(None, alias="inferenceId")
    inference_time: AwareDatetime = Field(alias="inferenceTime")


class Record(CaptureModel):
    """A whole line."""

    data: CaptureData = Field(alias="captureData")
    metadata: EventMetadata = Field(alias="eventMetadata")


def decode_base64(text: str) -> bytes:
    """The bytes of BASE64 text. Raises UnusableLineError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableLineError(f"its data is not BASE64: {error}") from error


def parse(model: type[Model], content: bytes) -> Model:
    """JSON as a model's object. Raises UnusableLineError naming the first key that is wrong."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnusableLineError(f"{where}: {first['msg']}" if where else first["msg"]) from error
