"""What `select-captures` found in S3: all captures that a window needs, of which only some were downloaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from monitoring.errors import InvalidOptionsError
from monitoring.profiles.groups import Group
from windows.spans import Span


@dataclass(frozen=True)
class Listing:
    """The window, the folder of captures below the input, and the groups of files with the names of their profiles.

    Names change with keys and contents of the files, so that a profile that has one of them need not be made again.
    `ground_truth` is its folder below its own input. `older` says whether there are captures before those of the
    groups, where the captures decide the window.
    """

    span: Span
    folder: str
    groups: Mapping[Group, str]
    ground_truth: str = ""
    older: bool = False


class _Hour(BaseModel):
    profile: str
    hour: datetime | None
    files: tuple[str, ...]


class _Document(BaseModel):
    start: datetime | None
    end: datetime | None
    older: bool
    folder: str
    ground_truth: str
    hours: tuple[_Hour, ...]


def read_listing(path: Path) -> Listing:
    """Reads `listing.json`. Raises InvalidOptionsError."""
    try:
        found = _Document.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidOptionsError(f"--listing: '{path}' cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidOptionsError(f"--listing: '{path}' is none of select-captures: {place}: {first['msg']}") from error
    groups = {Group(each.hour, each.files): each.profile for each in found.hours}
    return Listing(Span(found.start, found.end), found.folder, groups, found.ground_truth, found.older)
