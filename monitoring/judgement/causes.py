"""Causes: reasons not to trust a model in a window of time, and how they are worded."""

from dataclasses import asdict, dataclass, field
from typing import Any

# The beginning of a text that goes on with a time and a share: "… darker since 14:00: 96 % of 412 photos".
PICTURES = {
    "dark": "pictures are darker than the baseline's",
    "bright": "pictures are brighter than the baseline's",
    "low_contrast": "pictures have less contrast, as in haze",
    "blur": "pictures are blurred",
    "noise": "pictures are noisy",
    "compression": "pictures were compressed more strongly",
    "low_resolution": "pictures were scaled up from fewer pixels",
    "turned": "pictures are turned",
    "greyscale": "pictures have no colour",
    "channel_order": "red and blue are exchanged",
    "other_things": "pictures show other things than the classes",
}
CAUSES = (
    *PICTURES,
    "class_mix",
    "model_answers",
    "labels_disagree",
    "unsure",
    "review_share",
    "traffic",
    "no_answers",
    "errors",
    "duplicates",
    "unreadable",
)


@dataclass(frozen=True)
class Cause:
    """An entry of `causes` in `verdict.json`.

    `share` is the share of the photos, or of the requests, that it affects. A serious cause means that the model cannot
    be trusted. Causes are shown by `rank`, the highest first.

    `shown` are the places of the photos that show it best, among those of the window that are kept, in order of time.
    """

    cause: str
    text: str
    share: float
    evidence: dict[str, Any] = field(default_factory=dict)
    serious: bool = False
    rank: float = 0.0
    shown: tuple[int, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The entry as JSON."""
        kept = {name: value for name, value in asdict(self).items() if name in ("cause", "text", "share", "evidence")}
        return {**kept, "share": round(self.share, 4)}


@dataclass(frozen=True)
class NotCompared:
    """Something that was not compared, and why."""

    what: str
    why: str


def percent(share: float) -> str:
    """A share in whole percent, with an ordinary space, because programs read it, too."""
    return f"{100 * share:.0f} %"


def of_photos(share: float, count: int) -> str:
    """How many photos a cause affects."""
    return f"{percent(share)} of {count:,} {'photo' if count == 1 else 'photos'}"


def limited(numbers: dict[str, float]) -> dict[str, float]:
    """Numbers of the evidence, rounded to the digits that matter."""
    return {name: round(float(value), 4) for name, value in numbers.items()}
