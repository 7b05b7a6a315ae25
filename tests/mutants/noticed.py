"""Which tests have noticed faults in a function: they are the likeliest to notice the next one there, and go first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Noticed:
    """A folder with a file for each function, in which there is a line for each fault: the test that noticed it."""

    folder: Path

    def sort(self, tests: Iterable[str], mutant: str, seconds: Mapping[str, float]) -> list[str]:
        """Those that have noticed the most faults in this fault's function first, then the fastest."""
        try:
            faults = Counter(self._file(mutant).read_text(encoding="utf-8").splitlines())
        except FileNotFoundError:
            faults = Counter()
        return sorted(tests, key=lambda test: (-faults[test], seconds[test]))

    def add(self, mutant: str, test: str) -> None:
        """Note that a test has noticed a fault; other processes may do the same at once."""
        with self._file(mutant).open("a", encoding="utf-8") as file:
            file.write(f"{test}\n")

    def _file(self, mutant: str) -> Path:
        return self.folder / mutant.partition("__mutmut_")[0]
