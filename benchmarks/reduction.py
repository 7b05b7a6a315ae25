"""How well the configured model does on larger photos, by the way in which they become 32 × 32 pixels.

Run as `python benchmarks/reduction.py --data ARCHIVE [--model model.tar.gz] [--environment dev] [--seed 7]`. Trains one
model without a fifth of the training photos, lays these into scenes as cameras would have taken them (`scenes.py`), and
reduces them in several ways (`reductions.py`). With `--model`, the trained model is kept there, and taken from there
the next time. Prints accuracy, share decided and share right of those for each way, how it differs from the shipped
way, and the time and memory for a photo of 12 megapixels.
"""

# ruff: noqa: E402
import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # beside this file, `monitoring` is a benchmark

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import ENVIRONMENT, ROOT, Trial, measure, prepare, trials
from benchmarks.reductions import WAYS
from benchmarks.robustness import Tally
from benchmarks.scenes import FILLS, PLACES, SHAPES, Scene, scenes, taken
from pipelines.settings.reading import load
from steps.arrays import Images, Labels, Probabilities
from steps.classifier.scoring import score
from steps.dataset.files import load_dataset

PARTS = 5
SHIPPED = next(iter(WAYS))
TWELVE_MEGAPIXELS = 5  # times as many pixels a side
GROUPS: dict[str, Callable[[Scene], bool]] = {
    "all": lambda _: True,
    **{f"fills {fill:.0%}": lambda scene, fill=fill: scene.fill == fill for fill in FILLS},
    **{shape: lambda scene, shape=shape: scene.shape == shape for shape in SHAPES},
    **{place: lambda scene, place=place: scene.place == place for place in PLACES},
}

Flags = NDArray[np.bool_]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz, or a part of it")
    parser.add_argument("--model", type=Path, help="where the trained model is, or is kept; made with the same seed")
    parser.add_argument("--environment", default="dev", help="whose configuration")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        trial, archive = trained(arguments, work)
        photos = load_dataset(trial.data / "test")
        laid = [scenes(number) for number in range(len(photos.labels))]
        seen = reduced(photos.images, laid, arguments.seed)
        scored = score(archive, photos.images, np.concatenate(list(seen.values())))
        plain = Tally.of(photos.labels, scored.probabilities, scored.threshold)
        print(f"{plain.photos} photos, threshold {scored.threshold:.2f}; as they are {words(plain)}\n")
        answers = dict(zip(seen, np.split(scored.further, len(seen)), strict=True))
        labels = np.repeat(photos.labels, len(laid[0]))
        report(answers, labels, [scene for each in laid for scene in each], scored.threshold)
        differences(answers, labels, scored.threshold, len(laid[0]))
        costs(photos.images[0], work)


def trained(arguments: argparse.Namespace, work: Path) -> tuple[Trial, Path]:
    """The photos, and the model that has not seen those of the test."""
    settings = load(arguments.environment)
    trial = next(trials(prepare(arguments.data, settings, work), [arguments.seed], PARTS))
    if arguments.model and arguments.model.exists():
        return trial, arguments.model
    measure(trial, settings.training.hyperparameters, work / "trial")
    archive = work / "trial" / "model.tar.gz"
    return trial, Path(shutil.copy(archive, arguments.model)) if arguments.model else archive


def reduced(images: Images, laid: Sequence[Sequence[Scene]], seed: int) -> dict[str, Images]:
    """What each way makes of all photos in all their scenes (photos × scenes, 32, 32, 3)."""
    rng = np.random.default_rng(seed)
    seen: dict[str, list[Images]] = {name: [] for name in WAYS}
    for image, each in zip(images, laid, strict=True):
        for scene in each:
            content = taken(image, scene, rng)
            for name, way in WAYS.items():
                seen[name].append(np.asarray(way(content)))
    return {name: np.stack(found) for name, found in seen.items()}


def report(answers: dict[str, Probabilities], labels: Labels, laid: Sequence[Scene], threshold: float) -> None:
    """The table of ways and kinds of scene."""
    print(f"{'accuracy / decided / right':>26}" + "".join(f"{title:>22}" for title in GROUPS))
    for name, found in answers.items():
        cells = []
        for belongs in GROUPS.values():
            chosen: Flags = np.array([belongs(scene) for scene in laid])
            cells.append(words(Tally.of(labels[chosen], found[chosen], threshold)))
        print(f"{name:>26}" + "".join(f"{cell:>22}" for cell in cells))


def differences(answers: dict[str, Probabilities], labels: Labels, threshold: float, count: int) -> None:
    """How each way differs from the shipped one, with the 95 % interval; all scenes of a photo are one case."""
    print(f"\n{'in points, to the shipped':>26}{'accuracy':>18}{'rightly decided':>18}{'wrongly decided':>18}")
    shipped = outcomes(answers[SHIPPED], labels, threshold)
    for name, found in answers.items():
        cells = []
        for ours, theirs in zip(outcomes(found, labels, threshold), shipped, strict=True):
            cases = 100 * (ours - theirs).reshape(-1, count).mean(axis=1)
            cells.append(f"{cases.mean():+.1f} ± {1.96 * cases.std(ddof=1) / len(cases) ** 0.5:.1f}")
        print(f"{name:>26}" + "".join(f"{cell:>18}" for cell in cells))


def outcomes(found: Probabilities, labels: Labels, threshold: float) -> tuple[NDArray[np.float64], ...]:
    """For each photo in a scene 1 or 0: classified correctly, decided and right, decided and wrong."""
    right, decided = found.argmax(axis=1) == labels, found.max(axis=1) >= threshold
    return tuple(each.astype(float) for each in (right, right & decided, ~right & decided))


def costs(image: Images, work: Path) -> None:
    """Time and memory for a photo of 12 megapixels, each way in a process of its own."""
    photo = work / "photo.jpg"
    photo.write_bytes(taken(image, Scene(FILLS[1], "4:3", "middle"), np.random.default_rng(0), TWELVE_MEGAPIXELS))
    print(f"\n{'12 megapixels':>26}{'CPU, s':>10}{'MB':>10}")
    for name in WAYS:
        command = [sys.executable, "benchmarks/reductions.py", name, str(photo)]
        done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        print(f"{name:>26}" + "".join(f"{cell:>10}" for cell in done.stdout.split()))


def words(tally: Tally) -> str:
    """The shares of a tally."""
    return " / ".join(f"{share:.3f}" for share in tally.shares)


if __name__ == "__main__":
    main()
