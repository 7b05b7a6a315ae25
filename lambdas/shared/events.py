"""Reading events: what is missing or wrong is named, in an InvalidRequest."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, TypeGuard

from lambdas.shared.errors import InvalidRequest

# Limits of S3 (bucket, key) and of the InferenceId of InvokeEndpoint.
LONGEST = {"s3_bucket": 63, "s3_key": 1024, "inference_id": 64}


@dataclass(frozen=True)
class Photo:
    """A photo in S3, and the identifier that follows it through the workflow, the capture and the reports."""

    s3_bucket: str
    s3_key: str
    inference_id: str

    @classmethod
    def parse(cls, event: object) -> Self:
        """The photo that an event of the workflow is about.

        Raises:
            InvalidRequest: a key is missing, not a string, empty or too long.

        """
        photo = cls(**{key: text(event, key, longest) for key, longest in LONGEST.items()})
        # Botocore sends the identifier in an HTTP header.
        if not (photo.inference_id.isascii() and photo.inference_id.isprintable() and photo.inference_id.strip()):
            raise InvalidRequest(f"'inference_id' must be printable ASCII, got {photo.inference_id!r}")
        return photo

    def as_event(self) -> dict[str, Any]:
        """The photo's keys, to be passed on."""
        return asdict(self)


def value(event: object, key: str) -> object:
    """A key's value; InvalidRequest when the event is no object or lacks the key."""
    if not isinstance(event, Mapping):
        raise InvalidRequest(f"expected a JSON object with '{key}', got {type(event).__name__}")
    if key not in event:
        raise InvalidRequest(f"'{key}' is missing; there is: {', '.join(sorted(event)) or 'nothing'}")
    return event[key]


def text(event: object, key: str, longest: int | None = None) -> str:
    """A non-empty string; `longest` counts bytes of UTF-8, as AWS does."""
    found = value(event, key)
    if not isinstance(found, str) or not found:
        raise InvalidRequest(f"'{key}' must be a non-empty string, got {found!r}")
    if longest is not None and len(found.encode(errors="surrogatepass")) > longest:
        raise InvalidRequest(f"'{key}' must be at most {longest} bytes, got {len(found)} characters")
    return found


def texts(event: object, key: str) -> list[str]:
    """A list of two or more different non-empty strings."""
    found = value(event, key)
    if not are_names(found):
        raise InvalidRequest(f"'{key}' must be a list of two or more different names, got {found!r}")
    return found


def fraction(event: object, key: str) -> float:
    """A number from 0 to 1."""
    found = value(event, key)
    if not is_fraction(found):
        raise InvalidRequest(f"'{key}' must be a number from 0 to 1, got {found!r}")
    return found


def probabilities(event: object, key: str, count: int) -> list[float]:
    """A list of `count` numbers from 0 to 1 which sum to 1."""
    found = value(event, key)
    if not is_distribution(found, count):
        raise InvalidRequest(f"'{key}' must be {count} numbers from 0 to 1 that sum to 1, got {found!r}")
    return found


def are_names(found: object) -> TypeGuard[list[str]]:
    """Whether a JSON value is a list of two or more different non-empty strings."""
    if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
        return False
    return len(found) > 1 and len(set(found)) == len(found)


def is_fraction(found: object) -> TypeGuard[float]:
    """Whether a JSON value is a number from 0 to 1 (a bool is none, and NaN is in no range)."""
    return isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1


def is_distribution(found: object, count: int) -> TypeGuard[list[float]]:
    """Whether a JSON value is `count` probabilities; the tolerance covers probabilities rounded to four places."""
    if not isinstance(found, list) or len(found) != count or not all(map(is_fraction, found)):
        return False
    return math.isclose(math.fsum(found), 1, abs_tol=1e-3)
