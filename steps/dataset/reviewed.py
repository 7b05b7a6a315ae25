"""Photos that people have looked at, as an additional source of training: `answers.jsonl`, one answer a line.

`scones pipeline start --reviewed` writes it from the records below `review/answers/` (docs/review.md).
"""

import base64
import binascii
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from jobs.files import sha256_of
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.reading import square
from steps.arrays import IMAGE_SIZE, Images
from steps.dataset.archive import Archive
from steps.dataset.files import Dataset
from steps.errors import DatasetError

ANSWERS_NAME = "answers.jsonl"
NONE_OF_THESE = "none of these"  # what pipelines/review writes for a photo of none of the classes


@dataclass(frozen=True)
class Origin:
    """What the manifest says of reviewed photos: how many were taken by what they show, and how many left out, and why.

    `sha256` is that of the file, empty if there was none.
    """

    taken: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """The origin as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Reviewed:
    """Photos of the classes, photos of none of them, and where they are from."""

    train: Dataset
    others: Dataset
    origin: Origin


@dataclass(frozen=True)
class Told:
    """What people say that a photo shows; there is no `image` where it could not be read."""

    execution: str
    shown: frozenset[str]
    image: bytes | None


def read_reviewed(folder: Path | None, archive: Archive, classes: Sequence[str], *, others: bool) -> Reviewed:
    """The photos of a folder that may be trained on; none if it has no such file.

    Left out are photos that reviewers disagree about or could not tell, photos without a readable image, of classes
    that are not trained, and those whose pixels the archive has: a photo of the test set is never trained on. Photos of
    none of the classes are taken if `others` are. Raises DatasetError if the file is not what it should be.
    """
    path = folder / ANSWERS_NAME if folder else None
    if path is None or not path.is_file():
        return Reviewed(_dataset([], [], []), _dataset([], [], []), Origin())
    kinds = {name: index for index, name in enumerate(classes)}
    if others:
        kinds[NONE_OF_THESE] = len(archive.fine_labels)  # which no class of the archive has
    seen = {"in the test set": _digests(archive.test.images), "in the archive": _digests(archive.train.images)}
    seen["more than once"] = set()
    left_out: Counter[str] = Counter()
    taken: list[tuple[str, Images, str]] = []
    for told in _by_photo(path):
        pixels, why = _usable(told, kinds, seen)
        if pixels is None:
            left_out[why] += 1
        else:
            taken.append((next(iter(told.shown)), pixels, f"reviewed/{told.execution}"))
    rows = [each for each in taken if each[0] != NONE_OF_THESE]
    strange = [each for each in taken if each[0] == NONE_OF_THESE]
    counted = Counter(name for name, _, _ in taken)
    origin = Origin({name: counted[name] for name in kinds}, dict(sorted(left_out.items())), sha256_of(path))
    return Reviewed(_of(rows, kinds), _of(strange, kinds), origin)


def together(first: Dataset, second: Dataset) -> Dataset:
    """The rows of both, in this order."""
    return Dataset(
        np.concatenate([first.images, second.images]),
        np.concatenate([first.labels, second.labels]),
        np.concatenate([first.names, second.names]),
    )


def _usable(told: Told, kinds: Mapping[str, int], seen: Mapping[str, set[bytes]]) -> tuple[Images | None, str]:
    """The photo's pixels as the model gets them, or else why it is left out. Adds them to what was seen."""
    if len(told.shown) != 1:
        return None, "reviewers disagree" if told.shown else "nobody could tell"
    if not told.shown <= kinds.keys():
        return None, "of another class"
    if told.image is None:
        return None, "without a photo"
    try:
        pixels = np.asarray(square(told.image, IMAGE_SIZE).image, dtype=np.uint8)
    except (UnreadablePhotoError, PhotoTooLargeError):
        return None, "without a photo"
    digest = hashlib.sha256(pixels.tobytes()).digest()
    why = next((name for name, digests in seen.items() if digest in digests), "")
    seen["more than once"].add(digest)
    return (None, why) if why else (pixels, "")


def _by_photo(path: Path) -> Iterator[Told]:
    """What was answered about each photo, by execution, in the order of the names."""
    shown: dict[str, set[str]] = {}
    images: dict[str, bytes] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            execution, name, image = _answer(line, f"{path}:{number}")
            shown.setdefault(execution, set()).update([name] if name else [])
            if image:
                images[execution] = image
    for execution in sorted(shown):
        yield Told(execution, frozenset(shown[execution]), images.get(execution))


def _answer(line: str, place: str) -> tuple[str, str | None, bytes | None]:
    """Execution, what it shows, and the image of one line."""
    try:
        answer = json.loads(line)
        execution, name, image = answer["execution"], answer["shown"], answer["image"]
        content = None if image is None else base64.b64decode(image, validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise DatasetError(f"{place} is not the record of an answer: {error!r}") from error
    if not isinstance(execution, str) or not isinstance(name, str | None):
        raise DatasetError(f"{place} is not the record of an answer: 'execution' and 'shown' must be texts")
    return execution, name, content


def _of(rows: Sequence[tuple[str, Images, str]], kinds: Mapping[str, int]) -> Dataset:
    return _dataset([pixels for _, pixels, _ in rows], [kinds[name] for name, _, _ in rows], [row[2] for row in rows])


def _dataset(images: Sequence[Images], labels: Sequence[int], names: Sequence[str]) -> Dataset:
    pixels = np.array(images, dtype=np.uint8).reshape(-1, IMAGE_SIZE, IMAGE_SIZE, 3)
    return Dataset(pixels, np.array(labels, dtype=np.int64), np.array(names, dtype=np.str_))


def _digests(images: Images) -> set[bytes]:
    return {hashlib.sha256(image.tobytes()).digest() for image in images}
