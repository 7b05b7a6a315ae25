"""One line of a data capture file: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from monitoring.errors import UnusableLineError
from photos.bodies import decode_base64, media_type
from photos.errors import InvalidBodyError

YEARS = (2000, 2099)  # what a time may say
# How the inference ids begin with which `deploy-model` asks a new version about photos that are kept with it. Those of
# other photos are names of executions, which have no slash.
KEPT_PHOTO = "kept-photo/"

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
        return media_type(self.observed_content_type)

    def content(self) -> bytes:
        """The bytes that were sent. Raises UnusableLineError if the text does not match its encoding."""
        if self.encoding != "BASE64":
            return self.data.encode(errors="surrogatepass")
        try:
            return decode_base64(self.data)
        except InvalidBodyError as error:
            raise UnusableLineError(f"its data cannot be read: {error}") from error


class CaptureData(CaptureModel):
    """Request and answer; None for the one that was not captured."""

    endpoint_input: Payload | None = Field(None, alias="endpointInput")
    endpoint_output: Payload | None = Field(None, alias="endpointOutput")


class EventMetadata(CaptureModel):
    """Identifies the request and says when it was made."""

    event_id: str = Field(alias="eventId", min_length=1)
    inference_id: str | None = Field(None, alias="inferenceId")
    inference_time: AwareDatetime = Field(alias="inferenceTime")

    @field_validator("inference_time")
    @classmethod
    def plausible(cls, time: datetime) -> datetime:
        """The time in UTC; one of another century than ours would stretch every axis, or end the calendar."""
        if not YEARS[0] <= time.year <= YEARS[1]:
            raise ValueError(f"the year {time.year} is not from {YEARS[0]} to {YEARS[1]}")
        return time.astimezone(UTC)

    @property
    def is_of_kept_photo(self) -> bool:
        """Whether this is a question of a deployment, and no photo that anybody wants decided."""
        return (self.inference_id or "").startswith(KEPT_PHOTO)


class Record(CaptureModel):
    """A complete line of a capture file."""

    data: CaptureData = Field(alias="captureData")
    metadata: EventMetadata = Field(alias="eventMetadata")


def digest_of(event_id: str) -> int:
    """A digest of a record's id, of 64 bits."""
    return int.from_bytes(blake2b(event_id.encode(errors="replace"), digest_size=8).digest())


def parse(model: type[Model], content: bytes) -> Model:
    """Parses JSON into a model. Raises UnusableLineError, which names the first invalid key."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnusableLineError(f"{where}: {first['msg']}" if where else first["msg"]) from error
