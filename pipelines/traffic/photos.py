"""Chooses the photos that are sent, and changes them where a shift says so."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.errors import PhotoError
from photos.reading import square
from pipelines.errors import DataError
from pipelines.traffic.shifts import MIXES, PHOTO_SHIFTS, STRENGTHS, PhotoShift
from steps.arrays import IMAGE_SIZE
from steps.dataset.archive import read_archive

SUFFIXES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
Content = NDArray[np.uint8] | Path  # the pixels of a photo, or where it lies


@dataclass(frozen=True)
class Sent:
    """A photo as it is sent: its bytes and their content type."""

    content: bytes
    content_type: str = "image/png"


@dataclass(frozen=True)
class Pool:
    """Photos to choose from: those of each class, and those of other things."""

    classes: Mapping[str, Sequence[Content]]
    others: Sequence[Content]


@dataclass(frozen=True)
class Shift:
    """A shift of `pipelines.traffic.shifts` in one of its strengths."""

    name: str
    strength: str = "middle"

    @property
    def photo(self) -> PhotoShift | None:
        """The change of photos; None if only the choice of photos changes."""
        return PHOTO_SHIFTS[self.name][STRENGTHS.index(self.strength)] if self.name in PHOTO_SHIFTS else None

    def share(self, name: str) -> float:
        """The share by which it changes the choice of photos in the named way; 0 if it does not."""
        return MIXES[name][STRENGTHS.index(self.strength)] if self.name == name else 0


def pool_of(source: Path, classes: Sequence[str]) -> Pool:
    """The test photos of an archive, or all photos below a folder, in which a folder of a class has its name.

    Raises:
        DataError: there are no photos of any class.
        StepError: the file is no archive.
    """
    pool = _of_folder(source, classes) if source.is_dir() else _of_archive(source, classes)
    if not any(pool.classes.values()):
        kinds = ", ".join(SUFFIXES)
        raise DataError(f"{source} has no photos; expected an archive of photos of {', '.join(classes)}, or {kinds}")
    return pool


def _of_archive(path: Path, classes: Sequence[str]) -> Pool:
    archive = read_archive(path)
    names = [archive.fine_labels[label] for label in archive.test.labels]
    labelled = list(zip(archive.test.images, names, strict=True))
    by_class = {name: [photo for photo, of in labelled if of == name] for name in classes}
    return Pool(by_class, [photo for photo, of in labelled if of not in classes])


def _of_folder(folder: Path, classes: Sequence[str]) -> Pool:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    by_class = {name: [path for path in found if path.parent.name == name] for name in classes}
    if any(by_class.values()):
        return Pool(by_class, [path for path in found if path.parent.name not in classes])
    return Pool({"": found}, [])  # of classes that nobody has told


def choose(pool: Pool, shift: Shift | None, seed: int) -> Iterator[Sent]:
    """Photos without end, each class as often as the other; the same seed gives the same photos.

    Where there is a shift, all photos are sent in the pixels that the model sees, changed or not.

    Raises:
        DataError: the pool lacks what the shift needs, or a file is no photo.
    """
    _check(pool, shift)
    rng = np.random.default_rng(seed)
    names = [name for name, photos in pool.classes.items() if photos]
    first: Sent | None = None
    while True:
        if shift and first and rng.random() < shift.share("duplicates"):
            yield first
            continue
        chosen = _sent(_choice(pool, names, shift, rng), shift, rng)
        first = first or chosen
        yield chosen


def _check(pool: Pool, shift: Shift | None) -> None:
    if shift and shift.name == "other_things" and not pool.others:
        raise DataError("other_things needs photos of other things; take an archive that has other classes")
    if shift and shift.name == "class_mix" and sum(map(bool, pool.classes.values())) < 2:
        raise DataError("class_mix needs photos of two classes; take an archive, or a folder with one for each class")


def _choice(pool: Pool, names: Sequence[str], shift: Shift | None, rng: np.random.Generator) -> Content:
    if shift and rng.random() < shift.share("other_things"):
        return _any_of(pool.others, rng)
    share = shift.share("class_mix") if shift else 0
    number = int(rng.integers(len(names)))
    if share:
        number = 0 if rng.random() < share else int(rng.integers(1, len(names)))
    return _any_of(pool.classes[names[number]], rng)


def _any_of(photos: Sequence[Content], rng: np.random.Generator) -> Content:
    return photos[int(rng.integers(len(photos)))]


def _sent(content: Content, shift: Shift | None, rng: np.random.Generator) -> Sent:
    if isinstance(content, Path) and shift is None:
        return Sent(content.read_bytes(), SUFFIXES[content.suffix.lower()])
    image = _seen(content)
    if shift and shift.photo and rng.random() < shift.photo.share:
        image = shift.photo.change(image).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return Sent(buffer.getvalue())


def _seen(content: Content) -> Image.Image:
    """A photo in the pixels that the model sees."""
    if not isinstance(content, Path):
        return Image.fromarray(content)
    try:
        return square(content.read_bytes(), IMAGE_SIZE).image
    except PhotoError as error:
        raise DataError(f"{content} cannot be changed: {error}") from error
