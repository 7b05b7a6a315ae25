"""Inventories that cannot be read."""

import gzip
import io
import json
from typing import IO, Any

import pytest

from local.states.maps.inventories import inventory

FILE = {"key": "data/1.csv.gz"}
MANIFEST = {"destinationBucket": "arn:aws:s3:::b", "fileFormat": "CSV", "fileSchema": "Bucket, Key", "files": [FILE]}
CUT = gzip.compress(b"a,b\n" * 99, mtime=0)[:-9]  # the same bytes at each collection: they name a test


def opened(content: bytes) -> Any:
    def open_(bucket: str, key: str) -> IO[bytes]:
        assert (bucket, key) == ("b", "data/1.csv.gz")
        return io.BytesIO(content)

    return open_


def test_files_are_read_as_their_objects_are_asked_for() -> None:
    files = [FILE, {"key": "not asked for"}]
    found = inventory(json.dumps({**MANIFEST, "files": files}), opened(gzip.compress(b'"x","y"\n')))
    assert next(found) == {"Bucket": "x", "Key": "y"}


@pytest.mark.parametrize(
    ("manifest", "content", "problem"),
    [
        ("[", b"", "Expecting"),
        ("[]", b"", "not a manifest"),
        (json.dumps({**MANIFEST, "files": [{}]}), b"", "not a manifest"),
        (json.dumps({**MANIFEST, "fileFormat": "Parquet"}), b"", "must be CSV, not Parquet"),
        (json.dumps(MANIFEST), b"plain", "data/1.csv.gz of the S3 inventory cannot be read"),
        (json.dumps(MANIFEST), CUT, "data/1.csv.gz of the S3 inventory cannot be read"),
    ],
)
def test_what_is_no_inventory_is_told(manifest: str, content: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        list(inventory(manifest, opened(content)))
