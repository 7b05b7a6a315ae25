"""Photos that are kept of an hour, each chosen so that merging in any order chooses the same ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

PICTURES = 600  # different photos that are looked at closely; more would hardly say more
COUNTED = 4096  # up to so many different photos are counted exactly, and estimated beyond
REVIEW = 100  # photos for review that are shown
NEWEST = 100  # photos of each class that may be shown
DIGEST_BITS = 64


@dataclass(frozen=True)
class Photo:
    """A photo that was captured, its answer, and where it lies. `digest` is that of the image as it was sent."""

    time: datetime
    position: int
    digest: str | None
    readable: bool
    predicted: str | None
    confidence: float | None
    threshold: float | None
    decision: str | None
    inference_id: str | None
    file: str
    line: int
    place: int
    upright: float | None = None

    @property
    def order(self) -> tuple[datetime, str, int, int]:
        """Its place in the order of time, and of the files."""
        return self.time, self.file, self.place, self.position


@dataclass(frozen=True)
class Samples:
    """Photos and digests.

    `pictures` are readable photos, each image once: those whose records have the smallest digests, by these; `pixels`
    are what the model sees of them, by the same names. `different` are the smallest digests of images. `review` are the
    photos for review of which the model was least certain, `newest` the last different ones of each class.
    """

    pictures: Mapping[str, Photo] = field(default_factory=dict)
    pixels: Mapping[str, bytes] = field(default_factory=dict)
    different: tuple[str, ...] = ()
    review: tuple[Photo, ...] = ()
    newest: tuple[Photo, ...] = ()

    def __add__(self, other: "Samples") -> "Samples":
        """What would have been kept of both together."""
        return samples_of(
            {**self.pictures, **other.pictures},
            {**self.pixels, **other.pixels},
            (*self.different, *other.different),
            (*self.review, *other.review),
            (*self.newest, *other.newest),
        )

    @property
    def in_order(self) -> list[tuple[Photo, bytes]]:
        """The pictures and their pixels in order of time."""
        found = ((photo, self.pixels[name]) for name, photo in self.pictures.items())
        return sorted(found, key=lambda each: each[0].order)

    @property
    def distinct(self) -> int:
        """How many different images there are: exactly if they are few, else as k minimum values estimate it."""
        if len(self.different) < COUNTED:
            return len(self.different)
        return int((COUNTED - 1) * 2**DIGEST_BITS // (int(self.different[-1], 16) + 1))

    def moved(self, file: str, lines: int) -> "Samples":
        """The same, with lines of a file that are so many further down."""

        def move(photo: Photo) -> Photo:
            return replace(photo, line=photo.line + lines) if photo.file == file else photo

        return replace(
            self,
            pictures={name: move(photo) for name, photo in self.pictures.items()},
            review=tuple(map(move, self.review)),
            newest=tuple(map(move, self.newest)),
        )


def samples_of(
    pictures: Mapping[str, Photo],
    pixels: Mapping[str, bytes],
    different: Iterable[str],
    review: Iterable[Photo],
    newest: Iterable[Photo],
) -> Samples:
    """Keeps as much as is kept."""
    kept = _pictures(pictures)
    return Samples(
        kept,
        {name: pixels[name] for name in kept},
        tuple(sorted(set(different))[:COUNTED]),
        tuple(sorted(review, key=lambda photo: (photo.confidence, photo.order))[:REVIEW]),
        _newest(newest),
    )


def _pictures(photos: Mapping[str, Photo]) -> dict[str, Photo]:
    found: dict[str | None, str] = {}
    for name in sorted(photos):
        if len(found) == PICTURES:
            break
        found.setdefault(photos[name].digest, name)
    return {name: photos[name] for name in found.values()}


def _newest(photos: Iterable[Photo]) -> tuple[Photo, ...]:
    """The newest photos of each class, each digest once in it; of one moment, the first in the files' order."""
    ordered = sorted(photos, key=lambda photo: (photo.predicted or "", -photo.time.timestamp(), photo.order))
    found: list[Photo] = []
    for _, same in groupby(ordered, key=lambda photo: photo.predicted):
        each_once = {photo.digest: photo for photo in reversed(list(same))}
        kept = sorted(each_once.values(), key=lambda photo: (-photo.time.timestamp(), photo.order))
        found += kept[:NEWEST]
    return tuple(found)
