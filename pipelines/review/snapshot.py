"""All answers so far in one file, whose address says its contents: what a training takes of the review.

A training that read the answers' own records could not be repeated, and the cache of SageMaker Pipelines, which
compares addresses, would take what it had made of fewer answers.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.packages.uploads import digest_of_file, size_of
from pipelines.review.archive import Archive
from pipelines.settings.naming import Names

FILE_NAME = "answers.jsonl"  # which steps/dataset/reviewed.py reads
AT_ONCE = 8  # answers that are read at the same time
PIECE = 64  # answers that are held in memory


@dataclass(frozen=True)
class Snapshot:
    """Where the file lies, and what its answers say."""

    uri: str
    shown: Mapping[str, int]

    def describe(self) -> str:
        """The snapshot in a line."""
        shown = ", ".join(f"{count} {name}" for name, count in sorted(self.shown.items()))
        return f"{sum(self.shown.values())} answers of reviewers ({shown}): {self.uri}"


def take_snapshot(aws: Aws, names: Names) -> Snapshot:
    """Writes all answers to the bucket in one file, unless it is there.

    Raises:
        DataError: nobody has answered anything, or a record is not JSON.
    """
    shown: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        with path.open("w", encoding="utf-8") as file:
            for document in _documents(Archive(aws, names)):
                shown[document["shown"] or "cannot be told"] += 1
                file.write(json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n")
        if not shown:
            raise DataError("no photo has been reviewed yet, so there is none to train on; `scones review` shows them")
        place = f"data/reviewed/{digest_of_file(path)}"
        if size_of(aws, names.bucket, f"{place}/{FILE_NAME}") != path.stat().st_size:
            aws.s3.upload_file(str(path), names.bucket, f"{place}/{FILE_NAME}")
    return Snapshot(names.s3(place), shown)


def _documents(archive: Archive) -> Iterator[dict[str, Any]]:
    """All answers, in the order of their keys."""
    keys = sorted(key for found in archive.answers().values() for key in found)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for start in range(0, len(keys), PIECE):
            for key, text in zip(keys[start:], pool.map(archive.read, keys[start : start + PIECE]), strict=False):
                try:
                    yield json.loads(text)
                except ValueError as error:
                    raise DataError(f"{key} is not the record of an answer: {error}") from error
