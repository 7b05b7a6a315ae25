"""An uploaded object as S3's event describes it, and the name and input of the execution that it starts.

Source: "EventBridge event message structure" in S3's user guide. Unlike S3's other notifications, these events have
keys as they are, without escapes.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import LONGEST, OPTIONAL, kind, text, value

DIGITS = 48  # of a SHA-256: 192 bits, so no two uploads share a name, which may have 80 characters
UNVERSIONED = "null"  # the version of what is uploaded while versioning is suspended, which the next upload replaces


@dataclass(frozen=True)
class Upload:
    """An object as it was uploaded. `version_id` is None where the bucket keeps no versions."""

    bucket: str
    key: str
    size: int
    etag: str
    version_id: str | None
    sequencer: str

    @classmethod
    def parse(cls, event: object) -> Self:
        """The upload of an event "Object Created".

        Raises:
            InvalidRequest: a member is missing or has a wrong value.

        """
        detail = value(event, "detail")
        bucket, uploaded = value(detail, "bucket"), value(detail, "object")
        version = text(uploaded, "version-id", OPTIONAL["s3_version_id"]) if has(uploaded, "version-id") else None
        return cls(
            bucket=text(bucket, "name", LONGEST["s3_bucket"]),
            key=text(uploaded, "key", LONGEST["s3_key"]),
            size=whole(uploaded, "size"),
            etag=text(uploaded, "etag", OPTIONAL["s3_etag"]),
            version_id=None if version == UNVERSIONED else version,
            sequencer=text(uploaded, "sequencer"),
        )

    @property
    def nothing_to_see(self) -> str:
        """Why the object cannot be a photo; empty if it can. What its bytes are is for the workflow to say."""
        if self.key.endswith("/"):
            return "the key ends with '/', so it marks a folder"
        return "" if self.size else "the object is empty"

    @property
    def execution_name(self) -> str:
        """The name of the upload's one execution.

        It is made of bucket, key and version; without versions, of what tells two uploads to one key apart.
        """
        which = [self.version_id] if self.version_id else [self.etag, self.sequencer]
        whole = json.dumps([self.bucket, self.key, *which])
        return f"upload-{hashlib.sha256(whole.encode()).hexdigest()[:DIGITS]}"

    def as_input(self) -> dict[str, Any]:
        """The execution's input, by which the workflow reads what was uploaded and nothing else."""
        version = {"s3_version_id": self.version_id} if self.version_id else {}
        return {"s3_bucket": self.bucket, "s3_key": self.key, **version, "s3_etag": self.etag}


def has(found: object, key: str) -> bool:
    """Whether a JSON value is an object with this key."""
    return isinstance(found, dict) and key in found


def whole(found: object, key: str) -> int:
    """A whole number, 0 or more."""
    number = value(found, key)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise InvalidRequest(f"'{key}' must be a whole number, 0 or more, got {kind(number)}")
    return number
