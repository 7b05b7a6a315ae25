"""How many items may fail before a map run does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerance:
    """The limits that were given; without any, no item may fail."""

    count: int | None
    percentage: float | None

    def exceeded(self, failed: int, total: int) -> bool:
        """Whether so many failed items out of all are too many."""
        if self.count is None and self.percentage is None:
            return failed > 0
        over_count = self.count is not None and failed > self.count
        return over_count or (self.percentage is not None and 100 * failed > self.percentage * total)
