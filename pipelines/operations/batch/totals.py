"""Adds up the rows of a run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdas.classify_batch.rows import Row

MOST_EXAMPLES = 20  # rows of each decision that the summary shows
SHOWN = ("failed", "unusable", "skipped", "not_a_known_vehicle", "low_confidence")


@dataclass
class Totals:
    """How many photos there are of each decision, class, reason and model, and the first rows that people ask about."""

    photos: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)  # of accepted photos
    reasons: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in SHOWN})

    def add(self, row: Row) -> None:
        """Counts a row."""
        decision = row["decision"]
        self.photos += 1
        self.decisions[decision] += 1
        if decision == "accepted":
            self.labels[row["label"]] += 1
        if row["reason"]:
            self.reasons[reason_of(row)] += 1
        if row["model_version"]:
            self.models[row["model_version"]] += 1
        if len(examples := self.examples.get(decision, [])) < MOST_EXAMPLES:
            examples.append(row)

    def as_json(self) -> Mapping[str, object]:
        """The counts, the most frequent first."""
        names = ("decisions", "labels", "reasons", "models")
        counters: dict[str, Counter[str]] = {name: getattr(self, name) for name in names}
        return {"photos": self.photos, **{name: dict(found.most_common()) for name, found in counters.items()}}


def reason_of(row: Row) -> str:
    """The kind of a reason: the error's name, or all of what is no error."""
    name, _, words = str(row["reason"]).partition(": ")
    return name if words and name.replace(".", "").isalnum() else str(row["reason"])
