"""Which container images were built last: a record in the bucket, which the build of images writes."""

import json
from collections.abc import Mapping
from typing import Annotated

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.aws import Aws, is_missing
from pipelines.definitions.images.choice import Images, choose_images
from pipelines.definitions.images.own import builds_images, kinds_in_use
from pipelines.errors import AwsError, ConfigurationError
from pipelines.packages.code import ImageSources
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

RECORD = "containers/images.json"


class ImageRecord(BaseModel):
    """The newest images that passed their scan: when they were built, from which sources, and their digests by kind."""

    model_config = ConfigDict(frozen=True)

    built: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    sources: str
    digests: Mapping[str, str] = Field(min_length=1)


def refuse_without_build(settings: Settings) -> None:
    """Raises ConfigurationError where the environment builds no images."""
    if not builds_images(settings):
        raise ConfigurationError(
            f"the environment {settings.environment} builds no container images: the section containers of its "
            "configuration says which are taken (AWS's, or some that it pins)"
        )


def reason_to_build(settings: Settings, record: ImageRecord | None, sources: ImageSources) -> str:
    """Why the images of these sources should be built anew; empty if they need not be."""
    if record is None:
        return "no container images have been built yet"
    if missing := [kind for kind in kinds_in_use(settings) if kind not in record.digests]:
        return f"the container image {missing[0]} has not been built yet"
    if record.sources != sources.key:
        return f"the container images of {record.built} are not of this Dockerfile, these packages and this server"
    return ""


def find_images(aws: Aws, settings: Settings, names: Names) -> Images:
    """The images of an environment. Asks AWS only where the configuration leaves open which they are.

    Raises:
        AwsError: the record cannot be read.
        ConfigurationError: an image has not been built yet.
    """
    record = read_record(aws, names) if builds_images(settings) else None
    return choose_images(settings, names, record.digests if record else {})


def read_record(aws: Aws, names: Names) -> ImageRecord | None:
    """The record; None if no images have been built yet. Raises AwsError if it cannot be read."""
    try:
        text = aws.s3.get_object(Bucket=names.bucket, Key=RECORD)["Body"].read()
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    try:
        return ImageRecord.model_validate(json.loads(text))
    except (ValueError, ValidationError) as error:
        raise AwsError(
            f"{names.s3(RECORD)} is not what the build of images writes ({error}); build them anew"
        ) from error
