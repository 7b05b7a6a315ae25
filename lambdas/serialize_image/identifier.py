"""Derives the identifier of a photo from the name of the execution that reads it."""

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

from lambdas.shared.events import LONGEST

DIGITS = 16  # of the name's SHA-256: 64 bits, so no two names share an identifier


def identifier_of(name: str) -> str:
    """An InferenceId for an execution's name.

    A name has up to 80 characters of any script, an InferenceId at most 64 of ASCII. A name that fits is the
    identifier. Of others, the beginning stays readable, and a digest of the whole name makes it unique.
    """
    longest = LONGEST["inference_id"]
    if len(name) <= longest and name.isascii():
        return name
    readable = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip("-")
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:DIGITS]
    return f"{readable[: longest - DIGITS - 1]}-{digest}".strip("-")


def with_identifier(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event with an identifier in place of the execution's name. Without a name, it stays as it is."""
    name = event.get("inference_id") if isinstance(event, Mapping) else None
    return {**event, "inference_id": identifier_of(name)} if isinstance(name, str) else event
