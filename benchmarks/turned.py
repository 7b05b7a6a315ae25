"""From which share of turned photos on a window is found, without the model's eye and with it.

Run as `python benchmarks/turned.py --data ARCHIVE [--windows 6] [--photos 300] [--clean 60] [--epochs 60]`. Traffic and
baseline are those of `detection.py`. A model of three networks learns from the baseline's photos alone, so that it has
seen no photo of the traffic, and says of the archive's test photos what is usual. Prints, for each share, in how many
windows turned photos are the cause; then the same for other changes, where they must not be, mirrored photos among
them, and for windows without a change.
"""

# ruff: noqa: E402
import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # beside this file, `monitoring` is a benchmark

import numpy as np
import torch

from benchmarks.detection import CLASSES, DAY, fleet, pools
from benchmarks.shifts import SHIFTS, Pools, Shift, Traffic, photos
from monitoring.captures.payloads import TURNED
from monitoring.features.training_images import Labelled
from monitoring.judgement.causes import PICTURES
from monitoring.judgement.eye import Eye
from monitoring.judgement.learning import learn
from monitoring.judgement.looks import look
from monitoring.judgement.pictures import picture_causes
from monitoring.judgement.reference import Reference
from pipelines.traffic.shifts import PhotoShift, turned, upside_down
from steps.classifier.calibration import fit_temperature
from steps.classifier.classifier import judge_photos, predict_logits, turns_of
from steps.dataset.archive import read_archive
from steps.dataset.files import Dataset
from steps.network.architecture import Network
from steps.network.description import Architecture
from steps.training.plan import plan_networks
from steps.training.trainer import Schedule, Trainer, measure_normalisation

SHARES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1)
TurnsOf = Callable[[np.ndarray], np.ndarray]


def trained(good: Labelled, others: np.ndarray, epochs: int) -> TurnsOf:
    """A model of these photos, of which only the turns are asked: photos (N, 32, 32, 3) → probabilities (N, 4)."""
    labels = np.concatenate([good.labels, np.full(len(others), len(CLASSES))]).astype(np.int64)
    data = Dataset(np.concatenate([good.images, others]), labels, np.array([""] * len(labels)))
    known = measure_normalisation(data.take(np.flatnonzero(labels < len(CLASSES))))
    networks: list[Network] = []
    logits = np.zeros((len(labels), len(CLASSES) + 1))
    for task in plan_networks(labels, 3, Schedule(epochs, 128, 0.03, 0.5, seed=7)):
        architecture = Architecture(16, len(CLASSES), other=True)
        trainer = Trainer(data.take(task.train_rows), known, architecture, task.schedule, torch.device("cpu"))
        while not trainer.finished:
            trainer.train_epoch()
        trainer.recalibrate_batch_norm()
        networks.append(trainer.network)
        logits[task.held_out_rows] = predict_logits(trainer.network, known, data.images[task.held_out_rows])
    temperature = fit_temperature(logits, labels, np.ones(len(labels)))

    def turns(images: np.ndarray) -> np.ndarray:
        asked = np.ascontiguousarray(images)
        return turns_of(np.mean([judge_photos(each, known, asked) for each in networks], axis=0) / temperature)

    return turns


def usual(archive: Path, turns: TurnsOf) -> np.ndarray:
    """What the model says of the archive's test photos, as a reference keeps it."""
    found = read_archive(archive)
    own = np.isin(found.test.labels, [found.fine_labels.index(name) for name in CLASSES])
    said = turns(found.test.images[own]) < TURNED
    return np.array([own.sum(), said[:, 0].mean(), said[:, 1:].mean()])


def causes(traffic: Traffic, reference: Reference, turns: TurnsOf) -> tuple[str, str]:
    """The cause in the pictures, without the model's eye and with it; empty if there is none."""
    tested, share, expected = reference.eye.tolist()
    seen = (turns(traffic.images)[:, 0] < TURNED).astype(np.float64)
    plain = look(reference, traffic.images)
    eye = Eye(len(seen), int(seen.sum()), int(tested), share, expected)
    both = (plain, replace(plain, eye=eye, turned=seen))
    found = [picture_causes(each, [DAY] * len(seen), len(seen)) for each in both]
    without, with_eye = (each[0].cause if each else "" for each in found)
    return without, with_eye


def mirrored(traffic: Traffic, _: Pools, __: np.random.Generator) -> Traffic:
    """All photos are mirrored, which is harmless."""
    return replace(traffic, images=traffic.images[:, :, ::-1])


def rows(options: argparse.Namespace) -> Iterator[tuple[str, Iterable[int], Shift | None]]:
    """What happens, in which windows."""
    few, clean = range(options.windows), range(options.clean)
    for share in SHARES:
        yield f"turned by 90°, {share:.0%}", few, photos(PhotoShift(turned, share))
        yield f"upside down, {share:.0%}", few, photos(PhotoShift(upside_down, share))
    yield "nothing", clean, None
    yield "mirrored", few, mirrored
    for what, (cause, shifts) in SHIFTS.items():
        if cause in PICTURES and cause != "turned":
            for strength, shift in zip(("weak", "middle", "strong"), shifts, strict=True):
                yield f"{what}, {strength}", few, shift


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz, or a part of it")
    parser.add_argument("--windows", type=int, default=6, help="windows of each change")
    parser.add_argument("--photos", type=int, default=300, help="photos in each of them")
    parser.add_argument("--clean", type=int, default=60, help="unchanged windows")
    parser.add_argument("--epochs", type=int, default=60, help="of the model's training")
    options = parser.parse_args()
    good, others, pool = pools(options.data)
    turns = trained(good, others, options.epochs)
    eye = usual(options.data, turns)
    reference = replace(learn(good.images, good.labels, good.classes, others), eye=eye)
    print(f"of {eye[0]:.0f} test photos {eye[1]:.1%} are seen turned, of the same, turned on purpose, {eye[2]:.1%}")
    print("what happens | windows | called turned without the eye, with it | called otherwise without it, with it")
    for what, windows, shift in rows(options):
        found = []
        for window in windows:
            rng = np.random.default_rng([window, options.photos, *([] if shift else [1])])  # as in `detection.py`
            traffic = fleet(pool, options.photos, rng)
            found.append(causes(shift(traffic, pool, rng) if shift else traffic, reference, turns))
        named = [[each[side] for each in found] for side in (0, 1)]
        as_turned = [each.count("turned") for each in named]
        otherwise = [sum(map(bool, each)) - count for each, count in zip(named, as_turned, strict=True)]
        print(f"{what} | {len(found)} | {as_turned[0]}, {as_turned[1]} | {otherwise[0]}, {otherwise[1]}", flush=True)


if __name__ == "__main__":
    main()
