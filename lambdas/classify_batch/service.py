"""Classifies a batch: reads its photos, asks the endpoint about those that can be read, and decides each."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from botocore.client import BaseClient

from lambdas.classify_batch.batch import Batch
from lambdas.classify_batch.items import nothing_to_see, photo_of
from lambdas.classify_batch.requests import ask, requests
from lambdas.classify_batch.rows import Row, decided, name_and_words, no_photo, undecided
from lambdas.serialize_image.service import read, to_small_png
from lambdas.shared.errors import (
    InvalidRequest,
    PhotoChanged,
    PhotoForbidden,
    PhotoInOtherRegion,
    PhotoKeyUnusable,
    PhotoNotFound,
    PhotoRejected,
    PhotoTooLarge,
    PhotoUnreadable,
)
from lambdas.shared.events import Photo

READERS = 8  # photos that are read from S3 at the same time, and so as many as are in memory as they came
# What is wrong with one photo. All other errors are those of a service: the batch is tried again.
OF_A_PHOTO = (
    PhotoChanged,
    PhotoForbidden,
    PhotoInOtherRegion,
    PhotoKeyUnusable,
    PhotoNotFound,
    PhotoTooLarge,
    PhotoUnreadable,
)


@dataclass(frozen=True)
class Clients:
    """The services that a batch needs."""

    s3: BaseClient
    runtime: BaseClient


@dataclass(frozen=True)
class Readable:
    """A photo that can be asked about: its place in the batch, and its small PNG."""

    index: int
    photo: Photo
    png: bytes


def classify(clients: Clients, endpoint: str, batch: Batch) -> list[Row]:
    """The rows of a batch, in the order of its items.

    Raises:
        StorageUnavailable, EndpointNotReady, EndpointThrottled, ModelFailed, EndpointFailed: a service failed.

    """
    rows: dict[int, Row] = {}
    photos: list[Readable] = []
    for index, found in enumerate(looked_at(clients.s3, batch)):
        if isinstance(found, dict):
            rows[index] = found
        else:
            photos.append(Readable(index, *found))
    rows.update(answered(clients.runtime, endpoint, batch, photos))
    return [rows[index] for index in range(len(batch.items))]


def looked_at(s3: BaseClient, batch: Batch) -> Iterator[Row | tuple[Photo, bytes]]:
    """Each item's photo and its small PNG, or the row that says why there is none."""
    with ThreadPoolExecutor(READERS) as pool:
        for start in range(0, len(batch.items), READERS):
            entries = [entry(item, batch) for item in batch.items[start : start + READERS]]
            reading = [pool.submit(read, s3, each) for each in entries if isinstance(each, Photo)]
            contents = iter(reading)
            for each in entries:
                yield small(each, next(contents).result) if isinstance(each, Photo) else each


def entry(item: object, batch: Batch) -> Photo | Row:
    """The photo that an item names, or the row that says why it names none."""
    try:
        photo = photo_of(item, batch.bucket, encoded=batch.keys_are_encoded)
    except InvalidRequest as error:
        return no_photo(item, batch.bucket, error)
    reason = nothing_to_see(item, photo.s3_key)
    return undecided(photo, "skipped", reason) if reason else photo


def small(photo: Photo, content: Callable[[], bytes]) -> Row | tuple[Photo, bytes]:
    """The photo with its small PNG, or the row that says what is wrong with it."""
    try:
        return photo, to_small_png(content())
    except OF_A_PHOTO as error:
        return undecided(photo, "unusable", name_and_words(error))


def answered(runtime: BaseClient, endpoint: str, batch: Batch, photos: list[Readable]) -> Iterator[tuple[int, Row]]:
    """The rows of the photos that were asked about, each with its place in the batch."""
    for number, together in enumerate(requests([photo.png for photo in photos])):
        asked, inference_id = [photos[index] for index in together], batch.inference_id(number)
        answers = ask(runtime, endpoint, [each.png for each in asked], inference_id)
        for position, (each, answer) in enumerate(zip(asked, answers, strict=True)):
            photo = replace(each.photo, inference_id=inference_id)
            if isinstance(answer, PhotoRejected):
                yield each.index, undecided(photo, "unusable", name_and_words(answer))
            else:
                yield each.index, decided(photo, position, answer, batch.routes)
