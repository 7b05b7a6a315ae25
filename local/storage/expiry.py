"""Carries out the rules of buckets' life cycles: when the local AWS starts, and once a day of its clock.

Versions are looked up in moto's S3 itself, which would read the bodies of all objects to list them.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.memory.backends import of
from local.protocol.json_types import Json
from local.protocol.times import in_utc
from local.runtime.context import Clock, Context, now
from local.runtime.periodic import Periodic
from local.states.mending import wrap
from local.storage.lifecycle import Removal, Upload, Version, aborted, removals

EVERY_SECONDS = 900.0  # after which it is looked whether another day has begun


class Expiry:
    """Removes what is due, as a client of S3 that may do anything."""

    def __init__(self, context: Context, clock: Clock = now) -> None:
        self._context = context
        self._clock = clock
        self._looked: date | None = None
        self._looking = Periodic("carrying out life cycles", self._look, EVERY_SECONDS)

    def start(self) -> None:
        """Begins, in a thread. The endpoint must answer by now."""
        self._looking.start(at_once=True)

    def close(self) -> None:
        """Removes nothing any more."""
        self._looking.close()

    def _look(self) -> None:
        if self._looked != (today := self._clock().date()):
            self._looked = today
            self.apply()

    def apply(self) -> None:
        """Carries out all rules once, and says what is gone of each bucket."""
        for bucket in [each for backend in of("s3") for each in list(backend.buckets.values()) if each.rules]:
            try:
                gone = self._expire(bucket)
            except (ClientError, BotoCoreError) as error:  # it was deleted meanwhile, or the local AWS ends
                self._context.say(f"bucket {bucket.name}: its life cycle was not carried out: {error}")
                continue
            if gone:
                listed = ", ".join(f"{number} × {kind}" for kind, number in sorted(gone.items()))
                self._context.say(f"bucket {bucket.name}: its life cycle has removed {listed}")

    def _expire(self, bucket: Any) -> Counter[str]:
        s3, moment = self._context.client("s3"), self._clock()
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket.name)["Rules"]

        def tags(key: str) -> dict[str, str]:
            found = s3.get_object_tagging(Bucket=bucket.name, Key=key)["TagSet"]
            return {each["Key"]: each["Value"] for each in found}

        due = [*removals(rules, _versions(bucket), tags, moment), *aborted(rules, _uploads(bucket), moment)]
        for each in due:
            _remove(s3, bucket.name, each)
        return Counter(each.kind for each in due)


def mend() -> None:
    """Lets moto's S3 know when an upload in parts was begun: it tells the same day of 2010 of all."""
    from moto.s3.models import FakeMultipart

    wrap(FakeMultipart, "__init__", _begin)


def _begin(make: Callable[..., None], self: Any, *given: Any, **named: Any) -> None:
    make(self, *given, **named)
    self.initiated = datetime.now(UTC)


def _versions(bucket: Any) -> dict[str, list[Version]]:
    """The versions and delete markers of each key, oldest first."""
    from moto.s3.models import FakeDeleteMarker

    return {
        key: [
            Version(each.version_id, in_utc(each.last_modified), isinstance(each, FakeDeleteMarker)) for each in found
        ]
        for key, found in list(bucket.keys.iterlists())
    }


def _uploads(bucket: Any) -> list[Upload]:
    """The uploads in parts that are not complete; none of before their time was kept."""
    found = [each for each in list(bucket.multiparts.values()) if hasattr(each, "initiated")]
    return [Upload(each.key_name, each.id, each.initiated) for each in found]


def _remove(s3: Json, bucket: str, removal: Removal) -> None:
    if removal.kind == "upload":
        s3.abort_multipart_upload(Bucket=bucket, Key=removal.key, UploadId=removal.version)
    else:
        version = {"VersionId": removal.version} if removal.version else {}
        s3.delete_object(Bucket=bucket, Key=removal.key, **version)
