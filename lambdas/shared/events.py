"""Reading the fields of events. What is missing or wrong raises an InvalidRequest that names the key.

These messages reach the logs. They never quote text from an event, because that could be a photo.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, TypeGuard

from lambdas.shared.errors import InvalidRequest

# Limits of S3 (bucket, key) and of the InferenceId of InvokeEndpoint.
LONGEST = {"s3_bucket": 63, "s3_key": 1024, "inference_id": 64}
# What says which object it was that had this key; an execution that a person starts need not have them.
OPTIONAL = {"s3_version_id": 1024, "s3_etag": 128}


@dataclass(frozen=True)
class Photo:
    """A photo in S3, with the identifier that names it in the workflow, the data capture and the reports."""

    s3_bucket: str
    s3_key: str
    inference_id: str
    s3_version_id: str | None = None
    s3_etag: str | None = None

    @classmethod
    def parse(cls, event: object) -> Self:
        """The photo of a workflow event.

        Raises:
            InvalidRequest: a key is missing, not a string, empty or too long.

        """
        given = {key: text(event, key, longest) for key, longest in LONGEST.items()}
        if isinstance(event, Mapping):
            given |= {key: text(event, key, longest) for key, longest in OPTIONAL.items() if key in event}
        for key in ("inference_id", *OPTIONAL):  # they travel in addresses and headers of HTTP
            if key in given and not (given[key].isascii() and given[key].isprintable() and given[key].strip()):
                raise InvalidRequest(f"'{key}' must be printable ASCII, got {kind(given[key])}")
        return cls(**given)

    def as_event(self) -> dict[str, Any]:
        """The keys that every function passes on to the next."""
        return {key: found for key, found in asdict(self).items() if found is not None}


def value(event: object, key: str) -> object:
    """The value of a key; raises InvalidRequest when the event is not an object or lacks the key."""
    if not isinstance(event, Mapping):
        raise InvalidRequest(f"expected a JSON object with '{key}', got {type(event).__name__}")
    if key not in event:
        raise InvalidRequest(f"'{key}' is missing; there is: {', '.join(sorted(event)) or 'nothing'}")
    return event[key]


def text(event: object, key: str, longest: int | None = None) -> str:
    """A non-empty string of at most `longest` bytes in UTF-8, which is how AWS counts."""
    found = value(event, key)
    if not isinstance(found, str) or not found:
        raise InvalidRequest(f"'{key}' must be a non-empty string, got {kind(found)}")
    try:
        size = len(found.encode())
    except UnicodeEncodeError as error:  # half a character, which no service takes
        raise InvalidRequest(f"'{key}' must be Unicode, got {kind(found)}") from error
    if longest is not None and size > longest:
        raise InvalidRequest(f"'{key}' must be at most {longest} bytes, got {len(found)} characters")
    return found


def texts(event: object, key: str) -> list[str]:
    """A list of two or more different non-empty strings."""
    found = value(event, key)
    if not are_names(found):
        raise InvalidRequest(f"'{key}' must be a list of two or more different names, got {kind(found)}")
    return found


def fraction(event: object, key: str) -> float:
    """A number from 0 to 1."""
    found = value(event, key)
    if not is_fraction(found):
        raise InvalidRequest(f"'{key}' must be a number from 0 to 1, got {kind(found)}")
    return found


def probabilities(event: object, key: str, count: int, other: float | None) -> list[float]:
    """A list of `count` numbers from 0 to 1 which sum to 1, together with `other` where there is one."""
    found = value(event, key)
    if not is_distribution(found, count, other or 0):
        whole = "sum to 1" if other is None else f"sum to 1 with the {kind(other)} of 'other'"
        raise InvalidRequest(f"'{key}' must be {count} numbers from 0 to 1 that {whole}, got {kind(found)}")
    return found


def kind(found: object) -> str:
    """How an error describes a JSON value: a number as it is, anything else by its type and length alone."""
    if isinstance(found, str | list | dict):
        return f"a {type(found).__name__} of length {len(found)}"
    return repr(found) if isinstance(found, int | float | None) else f"a {type(found).__name__}"


def are_names(found: object) -> TypeGuard[list[str]]:
    """Whether a JSON value is a list of two or more different non-empty strings."""
    if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
        return False
    return len(found) > 1 and len(set(found)) == len(found)


def is_fraction(found: object) -> TypeGuard[float]:
    """Whether a JSON value is a number from 0 to 1 (neither a bool nor NaN is one)."""
    return isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1


def is_distribution(found: object, count: int, other: float) -> TypeGuard[list[float]]:
    """Whether a JSON value is `count` probabilities that sum to 1 with `other`; they may be rounded to four places."""
    if not isinstance(found, list) or len(found) != count or not all(map(is_fraction, found)):
        return False
    return math.isclose(math.fsum([*found, other]), 1, abs_tol=1e-3)
