"""How the configured model does on photos that camera and weather have changed, and on photos of other things.

Run as `python benchmarks/robustness.py --data ARCHIVE [--environment dev] [--seeds 7 8 9 10 11]
[--held-out 5 [--one-part]] [--set KEY=VALUE …]`, with the options of accuracy.py, whose trainings these are. Prints
accuracy, share decided and share right of those for each kind of corruption at three strengths, over all trainings,
and their means.
"""

# ruff: noqa: E402
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # beside this file, `monitoring` is a benchmark

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import Trial, changed, measure, parse, prepare, trials
from benchmarks.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from pipelines.settings.reading import load
from steps.arrays import Images, Labels, Probabilities
from steps.classifier.scoring import score
from steps.dataset.files import load_dataset

CELLS = tuple((kind, strength) for kind in CORRUPTIONS for strength in STRENGTHS)
CLEAN = ("none", 0)


@dataclass(frozen=True)
class Tally:
    """Counts of photos: all of them, those classified correctly, those decided, and those decided correctly."""

    photos: int
    right: int
    decided: int
    decided_right: int

    @classmethod
    def of(cls, labels: Labels, probabilities: Probabilities, threshold: float) -> "Tally":
        """Counts of photos with these labels (N,) and a model's probabilities (N, classes)."""
        right, decided = probabilities.argmax(axis=1) == labels, probabilities.max(axis=1) >= threshold
        return cls(len(labels), int(right.sum()), int(decided.sum()), int((right & decided).sum()))

    @classmethod
    def total(cls, tallies: Sequence["Tally"]) -> "Tally":
        """The counts of several tallies together."""
        return cls(*np.sum([[*vars(each).values()] for each in tallies], axis=0).tolist())

    @property
    def shares(self) -> tuple[float, float, float]:
        """Accuracy, share decided, and share right of those, which is no number where nothing is decided."""
        right = self.decided_right / self.decided if self.decided else math.nan
        return self.right / self.photos, self.decided / self.photos, right


Found = dict[tuple[str, int], Tally]


def main() -> None:
    """Measure and print."""
    arguments = parse(str(__doc__))
    settings = load(arguments.environment)
    hyperparameters = changed(settings.training, arguments.set).hyperparameters
    found: list[Found] = []
    with tempfile.TemporaryDirectory() as name:
        data = prepare(arguments.data, settings, Path(name))
        for trial in trials(data, arguments.seeds, arguments.held_out, arguments.one_part):
            work = Path(name) / f"trial-{trial.name}"
            threshold = measure(trial, hyperparameters, work)["threshold"]
            found.append(examine(trial, work / "model.tar.gz"))
            print(f"seed {trial.name}, threshold {threshold:.2f}: {summary(found[-1:])}", flush=True)
    report(found)


def examine(trial: Trial, archive: Path) -> Found:
    """What a model makes of the test photos as they are and corrupted, and of other things."""
    test, others = load_dataset(trial.data / "test"), load_dataset(trial.data / "others_test", fewest=0)
    parts = [test.images, *(corrupt(test.images, *cell) for cell in CELLS), *strange(others.images)]
    scored = score(archive, parts[0], np.concatenate(parts[1:]))
    ends = np.cumsum([len(part) for part in parts[1:-1]])
    answers = [scored.probabilities, *np.split(scored.further, ends)]
    names = [CLEAN, *CELLS, ("others", 0), ("others", 1)]
    nothing: Labels = np.full(len(others.labels), -1)  # no class is right
    return {
        name: Tally.of(nothing if name[0] == "others" else test.labels, each, scored.threshold)
        for name, each in zip(names, answers, strict=True)
    }


def strange(images: Images) -> tuple[Images, Images]:
    """Photos of other things as they are, and each mildly corrupted in one of the ways."""
    made = images.copy()
    kinds: NDArray[np.intp] = np.arange(len(images)) % len(CORRUPTIONS)
    for number, kind in enumerate(CORRUPTIONS):
        made[kinds == number] = corrupt(images[kinds == number], kind, STRENGTHS[0])
    return images, made


def summary(found: Sequence[Found]) -> str:
    """The figures of all corruptions in one line."""
    clean, mean = _together(found, CLEAN).shares, _means(found, CELLS)
    milder = _means(found, [cell for cell in CELLS if cell[1] < max(STRENGTHS)])
    others = " and ".join(f"{_together(found, ('others', level)).shares[1]:.3f}" for level in (0, 1))
    return (
        f"clean {_words(clean)}; corrupted {_words(mean)}; mild and middle {_words(milder)}; "
        f"others decided {others} (as they are, and mildly corrupted)"
    )


def report(found: Sequence[Found]) -> None:
    """The table of kinds and strengths, and the means."""
    print(f"\n{'accuracy / decided / right of those':>36}" + "".join(f"{strength:>24}" for strength in STRENGTHS))
    for kind in CORRUPTIONS:
        cells = [_words(_together(found, (kind, strength)).shares) for strength in STRENGTHS]
        print(f"{kind:>36}" + "".join(f"{cell:>24}" for cell in cells))
    print(f"\n{len(found)} trainings: {summary(found)}")


def _together(found: Sequence[Found], name: tuple[str, int]) -> Tally:
    return Tally.total([each[name] for each in found])


def _means(found: Sequence[Found], cells: Sequence[tuple[str, int]]) -> tuple[float, ...]:
    """Means over kinds and strengths; what is right of those decided, over those where any is."""
    return tuple(np.nanmean([_together(found, cell).shares for cell in cells], axis=0).tolist())


def _words(shares: Sequence[float]) -> str:
    return " / ".join(f"{share:.3f}" for share in shares)


if __name__ == "__main__":
    main()
