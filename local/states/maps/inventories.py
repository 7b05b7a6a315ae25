"""Items of an S3 inventory: its manifest names files in CSV, which have no headers and are compressed."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from local.protocol.json_types import Json, Record, record

Open = Callable[[str, str], IO[bytes]]  # the body of an object, by bucket and key


def is_inventory(reader: Record) -> bool:
    """Whether a ReaderConfig asks for one."""
    return reader.get("InputType") == "MANIFEST" or reader.get("ManifestType") == "S3_INVENTORY"


def inventory(text: str, opened: Open) -> Iterator[Json]:
    """The objects in an inventory, by the text of its manifest. Raises ValueError if it or a file cannot be read.

    As on AWS, all values are texts, and keys are as the inventory has them: encoded for URLs.
    """
    manifest = record(json.loads(text))
    try:
        names = [name.strip() for name in manifest["fileSchema"].split(",")]
        bucket = manifest["destinationBucket"].rpartition(":")[2]
        keys = [file["key"] for file in manifest["files"]]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"The object is not a manifest of an S3 inventory: {error!r}") from error
    if manifest.get("fileFormat") != "CSV":
        raise ValueError(f"The format of an S3 inventory must be CSV, not {manifest.get('fileFormat')}")
    for key in keys:
        try:
            with gzip.open(opened(bucket, key)) as file:
                for row in csv.reader(io.TextIOWrapper(file, "utf-8", newline="")):
                    yield dict(zip(names, row, strict=False))
        except (OSError, EOFError, zlib.error, csv.Error) as error:
            raise ValueError(f"{key} of the S3 inventory cannot be read: {error}") from error
