"""What a batch reads: the objects below a prefix, or a list of photos."""

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from pipelines.aws import Aws, split_s3_uri
from pipelines.errors import DataError
from pipelines.packages.uploads import size_of
from pipelines.settings.naming import BATCH_SOURCES, Names

Format = Literal["prefix", "csv", "json", "jsonl", "inventory"]
FORMATS: tuple[Format, ...] = get_args(Format)
LISTS = BATCH_SOURCES[-1]  # where lists of photos lie
INVENTORY = "manifest.json"  # as S3 calls the manifest of an inventory
LONGEST_SLUG = 24


@dataclass(frozen=True)
class Source:
    """A source as the batch workflow's input has it. The key of a prefix is how the photos' keys begin."""

    format: Format
    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """The source's address."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def stem(self) -> str:
        """How the names of all runs on this source begin: something readable, and what tells it from all others."""
        readable = re.sub(r"[^A-Za-z0-9]+", "-", self.key).strip("-")[-LONGEST_SLUG:].strip("-")
        digest = hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:10]
        return f"{readable or 'all'}-{digest}"


def parse_source(uri: str, given: Format | None, names: Names) -> Source:
    """The source that a URI names. Without a given format, the ending of the key tells it.

    Raises:
        DataError: it is no S3 URI, or the roles of the workflow may not read there.
    """
    bucket, key = split_s3_uri(uri) if uri.startswith("s3://") else ("", "")
    source = Source(given or _format_of(key), bucket, key)
    folders = BATCH_SOURCES if source.format == "prefix" else (LISTS,)
    if bucket != names.bucket or key.split("/")[0] not in folders or "/" not in key:
        kind = "photos" if source.format == "prefix" else f"a list ({source.format})"
        places = " or ".join(names.s3(folder, "") for folder in folders)
        raise DataError(f"{uri}: {kind} must lie below {places}, where the batch workflow may read")
    return source


def check_source(aws: Aws, source: Source) -> None:
    """Looks whether there is anything, so that a mistyped address is told at once.

    Raises:
        DataError: no object is there.
    """
    if source.format == "prefix":
        found = aws.s3.list_objects_v2(Bucket=source.bucket, Prefix=source.key, MaxKeys=1).get("Contents", [])
        if not found:
            raise DataError(f"no key in {source.bucket} begins with '{source.key}'")
    elif size_of(aws, source.bucket, source.key) is None:
        raise DataError(f"there is no {source.uri}; a prefix, such as s3://bucket/{LISTS}/2026/, ends with '/'")


def _format_of(key: str) -> Format:
    name = key.rpartition("/")[2]
    if name == INVENTORY:
        return "inventory"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return next((each for each in FORMATS if each == ending and each != "inventory"), "prefix")
