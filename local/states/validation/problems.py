"""What is wrong with a definition."""

from dataclasses import dataclass

SCHEMA = "SCHEMA_VALIDATION_FAILED"
TARGET = "MISSING_TRANSITION_TARGET"
DUPLICATE = "DUPLICATE_STATE_NAME"
UNREADABLE = "INVALID_JSON_DESCRIPTION"


@dataclass(frozen=True)
class Problem:
    """A problem, and where in the definition it is: `/States/A/Next`."""

    code: str
    message: str
    location: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or '/'}"


def schema(message: str, location: str) -> Problem:
    """A member that is missing, or has no value that it may have."""
    return Problem(SCHEMA, message, location)


def required(names: list[str], location: str) -> Problem:
    """Members that are missing."""
    return schema(f"These fields are required: [{', '.join(names)}]", location)
