"""Reads what the state machine sends: the execution's input as it is, and the execution's name."""

from collections.abc import Mapping
from typing import Any


def flat(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of the event's `input` beside its others, which come first. Without such an input, the event as it is.

    The definition cannot name the keys one by one: it would fail for an input without a version.
    """
    given = event.get("input") if isinstance(event, Mapping) else None
    if not isinstance(given, Mapping):
        return event
    return {**given, **{key: value for key, value in event.items() if key != "input"}}
