"""Reads the photos that are kept with a version, and what the model answered to them when it was evaluated."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Self

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.questions.answers import Answer
from lambdas.deploy_model.state.registry import Package
from lambdas.shared.errors import InvalidRequest, NothingToAsk
from lambdas.shared.events import text, texts, value
from lambdas.shared.uris import split

NAME = re.compile(r"kept-photos-([0-9a-f]{64})\.json")  # by EvaluateModel: steps/evaluation/kept_photos.py
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class KeptPhoto:
    """A photo in the bytes of a PNG, and the answer to it."""

    png: bytes
    answer: Answer


@dataclass(frozen=True)
class KeptPhotos:
    """The photos, and the version (a training job's name) of the model that answered."""

    model_version: str
    photos: tuple[KeptPhoto, ...]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Reads the file; raises ValueError or InvalidRequest."""
        document = json.loads(content)
        labels, found = texts(document, "labels"), value(document, "photos")
        if not isinstance(found, list) or not found:
            raise InvalidRequest("'photos' must be a list of photos")
        photos = (KeptPhoto(base64.b64decode(text(each, "photo")), Answer.of(labels, each)) for each in found)
        return cls(text(document, "model_version"), tuple(photos))


def read(s3: BaseClient, package: Package) -> KeptPhotos:
    """The photos that are kept with a version; raises NothingToAsk."""
    if package.kept_photos is None:
        raise NothingToAsk(f"no photos are kept with version {package.version}")
    content = download(s3, package.kept_photos)
    named = NAME.fullmatch(package.kept_photos.rpartition("/")[2])
    if named is None or named[1] != hashlib.sha256(content).hexdigest():
        raise NothingToAsk(f"{package.kept_photos} does not hold what its name says (kept-photos-<SHA-256>.json)")
    try:
        return KeptPhotos.parse(content)
    except (ValueError, InvalidRequest) as error:
        raise NothingToAsk(f"{package.kept_photos} cannot be read: {error}") from error


def download(s3: BaseClient, uri: str) -> bytes:
    """The content of an object that is not too large; raises NothingToAsk."""
    bucket, key = split(uri)
    try:
        found = s3.get_object(Bucket=bucket, Key=key)
        if found["ContentLength"] > MOST_BYTES:
            raise NothingToAsk(f"{uri} has {found['ContentLength']:,} bytes, more than {MOST_BYTES:,}")
        return bytes(found["Body"].read())
    except (ClientError, BotoCoreError) as error:
        raise NothingToAsk(f"{uri} cannot be read: {error}") from error
