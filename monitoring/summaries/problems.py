"""What could not be read: counts, and the first of each kind by their places."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitoring.captures.files import Problem
from monitoring.summaries.numbers import smallest

LISTED = 1000
ANSWERS = ("the answer", "probabilities", "labels")  # how reasons begin that lie in an answer


@dataclass(frozen=True)
class Problems:
    """How many lines, files and answers could not be read, and the first problems, those of images among them."""

    lines: int = 0
    files: int = 0
    answers: int = 0
    first_answer: Problem | None = None
    listed: tuple[Problem, ...] = ()

    def __add__(self, other: "Problems") -> "Problems":
        """Both together."""
        return Problems(
            self.lines + other.lines,
            self.files + other.files,
            self.answers + other.answers,
            smallest((self.first_answer, other.first_answer)),
            tuple(sorted((*self.listed, *other.listed))[:LISTED]),
        )

    def moved(self, file: str, lines: int) -> "Problems":
        """The same, with lines of a file that are so many further down."""

        def move(problem: Problem) -> Problem:
            return replace(problem, line=problem.line + lines) if problem.file == file and problem.line else problem

        first = self.first_answer and move(self.first_answer)
        return replace(self, first_answer=first, listed=tuple(map(move, self.listed)))


def problems_of(unusable: Iterable[Problem], images: Iterable[Problem] = ()) -> Problems:
    """Problems of lines and files, and of images, which are counted elsewhere."""
    found = list(unusable)
    answers = [each for each in found if each.reason.startswith(ANSWERS)]
    return Problems(
        lines=sum(each.line > 0 for each in found),
        files=sum(each.line == 0 for each in found),
        answers=len(answers),
        first_answer=smallest(answers),
        listed=tuple(sorted((*found, *images))[:LISTED]),
    )
