"""The rows of the table at the end of `make mutants`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mutants.planting import Mutant
from mutants.rooms import Change

HEAD = f"{'room':<40} planted killed survived/listed  share seconds"


@dataclass(frozen=True)
class Row:
    """What became of the faults of a room, and the seconds of processor time that this run spent on it."""

    name: str
    planted: int
    killed: int
    listed: int
    seconds: float

    @property
    def share(self) -> float:
        """How much of what was planted died; all of nothing."""
        return self.killed / self.planted if self.planted else 1.0

    def __str__(self) -> str:
        """A line of the table."""
        survived = f"{self.planted - self.killed}/{self.listed}"
        return (
            f"{self.name:<40} {self.planted:>7} {self.killed:>6} {survived:>15} {self.share:>6.1%} {self.seconds:>7.0f}"
        )


def row(name: str, mutants: Sequence[Mutant], listed: Collection[Change], seconds: float) -> Row:
    """A room's row, from its faults and the survivors that are listed."""
    alive = [mutant for mutant in mutants if not mutant.died]
    known = sum(mutant.change in listed for mutant in alive)
    return Row(name, len(mutants), len(mutants) - len(alive), known, seconds)


def total(rows: Sequence[Row]) -> Row:
    """The last row of the table."""
    planted, killed, listed = (sum(getattr(each, name) for each in rows) for name in ("planted", "killed", "listed"))
    return Row("all", planted, killed, listed, sum(each.seconds for each in rows))
