"""The record of a photo that waits for a person, as the workflow keeps it in the bucket and sends it to the queue."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import DataError
from pipelines.histories import words

Text = Annotated[str, Field(min_length=1, max_length=1024)]
Probability = Annotated[float, Field(ge=0, le=1)]
NONE_OF_THESE = "none of these"  # an actual class that no model has


class Part(BaseModel):
    """Base of the parts of a record: what is not known is left out, and values never change."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Source(Part):
    """An object in S3, and which version of it."""

    s3_bucket: Text
    s3_key: Text
    s3_version_id: str | None = None
    s3_etag: str | None = None


class Photo(Source):
    """The photo, what the model said of it, and why nobody acted upon that.

    `inferences` are the probabilities of `labels`. A photo that could not be used has `reason` and `input` instead.
    """

    decision: Text
    inference_id: Text | None = None
    label: str | None = None
    confidence: Probability | None = None
    labels: tuple[str, ...] = ()
    inferences: tuple[Probability, ...] = ()
    other: Probability | None = None
    threshold: Probability | None = None
    model_version: str | None = None
    reason: Mapping[str, Any] | None = None
    input: Source | None = None


class Record(Part):
    """A photo that waits; `execution` is the name of the workflow's execution, and `since` when that began."""

    execution: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^/]+$")]
    since: str = ""
    photo: Photo

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """The record in a message or an object. Raises DataError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the text"
            raise DataError(f"not a record of a photo for review: {place}: {first['msg']}") from error

    @property
    def inference_id(self) -> str:
        """The id that data capture has of the photo; the execution's name where the endpoint never saw it."""
        return self.photo.inference_id or self.execution

    @property
    def source(self) -> Source:
        """Where the photo lies, with the version that was uploaded if the workflow was told it."""
        return self.photo.input or self.photo

    @property
    def place(self) -> str:
        """The photo's address."""
        return f"s3://{self.source.s3_bucket}/{self.source.s3_key}"

    @property
    def probabilities(self) -> list[tuple[str, float]]:
        """What the photo may show and how probable that is, most probable first."""
        found = list(zip(self.photo.labels, self.photo.inferences, strict=False))
        if self.photo.other is not None:
            found.append((NONE_OF_THESE, self.photo.other))
        return sorted(found, key=lambda pair: -pair[1])

    @property
    def why(self) -> str:
        """Why a person is asked, in a sentence."""
        photo = self.photo
        if photo.reason is not None:
            cause = words.cause(str(photo.reason.get("Cause", ""))) or "no reason is given"
            return f"The workflow could not use the photo ({photo.reason.get('Error', 'unknown error')}): {cause}"
        best = f"{photo.label} ({_percent(photo.confidence)})"
        if photo.decision == "not_a_known_vehicle":
            return f"The model finds none of the classes ({_percent(photo.other)}) more probable than {best}."
        if photo.decision == "low_confidence":
            return (
                f"The model is not sure enough: it says {best}, and decides alone from {_percent(photo.threshold)} on."
            )
        return f"The decision was {photo.decision}."


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.1f} %"
