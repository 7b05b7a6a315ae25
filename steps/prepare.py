"""PrepareData: select the configured classes from the archive, keeping its training and test rows apart."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jobs.entry_point import run_job
from jobs.files import staged
from steps.arrays import IMAGE_SIZE
from steps.dataset.archive import ARCHIVE_NAME, Archive, Split, read_archive
from steps.dataset.files import DATA_NAME, MANIFEST_NAME, Dataset, Manifest, digest
from steps.dataset.reviewed import ANSWERS_NAME, read_reviewed, together
from steps.errors import SelectionError, StepError


@dataclass(frozen=True)
class Options:
    """Command-line options of PrepareData."""

    archive: Path
    output: Path
    classes: tuple[str, ...]
    others: int
    reviewed: Path | None = None


@dataclass(frozen=True)
class Prepared:
    """The archive's two splits, and what they have of other classes: photos of no vehicle that the model shall know."""

    train: Dataset
    test: Dataset
    others: Dataset
    others_test: Dataset

    def named(self) -> dict[str, Dataset]:
        """The splits by name, in the order in which they are digested and written."""
        return vars(self)


def select(split: Split, fine_labels: Sequence[str], classes: Sequence[str]) -> Dataset:
    """The rows of these classes, by fine label (seven motorcycles are called `bike_s_*`), in the archive's order.

    Raises SelectionError if the archive lacks a class or has no image of it.
    """
    targets = np.full(len(fine_labels), -1, dtype=np.int64)
    for index, name in enumerate(classes):
        if name not in fine_labels:
            raise SelectionError(f"The archive has no class '{name}'. Its classes are: {', '.join(fine_labels)}.")
        targets[fine_labels.index(name)] = index
    labels = targets[split.labels]
    rows = np.flatnonzero(labels >= 0)
    selection = Dataset(split.images[rows], labels[rows], np.array(split.names, dtype=np.str_)[rows])
    for name, count in selection.counts(classes).items():
        if not count:
            raise SelectionError(f"The archive has no images of '{name}'. Take it out of dataset.classes.")
    return selection


def select_others(split: Split, fine_labels: Sequence[str], classes: Sequence[str], most: int) -> Dataset:
    """At most so many rows of all other classes, equally many of each as far as there are; perhaps none at all.

    They are the first of each class, in the archive's order. Their labels are the archive's own.
    """
    known = [fine_labels.index(name) for name in classes]
    turns = np.zeros(len(split.labels), dtype=np.int64)  # of each row among those of its class
    for label in np.unique(split.labels):
        turns[split.labels == label] = np.arange((split.labels == label).sum())
    rows = np.flatnonzero(~np.isin(split.labels, known))
    chosen = np.sort(rows[np.argsort(turns[rows], kind="stable")[:most]])
    return Dataset(split.images[chosen], split.labels[chosen], np.array(split.names, dtype=np.str_)[chosen])


def prepare(archive: Archive, options: Options) -> tuple[Prepared, Manifest]:
    """The splits of an archive and the manifest that describes them; raises SelectionError and DatasetError.

    Photos that people reviewed are added to those to train on, never to those of the test.
    """
    labels, classes = archive.fine_labels, options.classes
    reviewed = read_reviewed(options.reviewed, archive, classes, others=options.others > 0)
    prepared = Prepared(
        train=together(select(archive.train, labels, classes), reviewed.train),
        test=select(archive.test, labels, classes),
        others=together(select_others(archive.train, labels, classes, options.others), reviewed.others),
        others_test=select_others(archive.test, labels, classes, options.others),
    )
    return prepared, Manifest(
        classes=options.classes,
        image_size=IMAGE_SIZE,
        counts={"train": prepared.train.counts(classes), "test": prepared.test.counts(classes)},
        archive_sha256=archive.sha256,
        data_digest=digest(prepared.named().values()),
        synthetic=archive.synthetic,
        checksum=archive.checksum,
        reviewed=reviewed.origin.document,
    )


def write(prepared: Prepared, manifest: Manifest, output: Path) -> None:
    """Write the npz files and the manifest, all of them or none at all."""
    with staged(output) as stage:
        for name, split in prepared.named().items():
            split.save(stage / name / DATA_NAME)
        manifest.save(stage / "manifest" / MANIFEST_NAME)


def parse(argv: Sequence[str]) -> Options:
    """The options on the command line."""
    parser = argparse.ArgumentParser(prog="steps.prepare", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True, help=f"folder with {ARCHIVE_NAME}")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--others", type=int, required=True, help="most rows of other classes, in each split")
    parser.add_argument("--reviewed", type=Path, help=f"folder with {ANSWERS_NAME}, if there is one")
    parser.add_argument("--classes", type=_classes, required=True, help="fine labels, separated by commas")
    return Options(**vars(parser.parse_args(argv)))


def _classes(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if len(names) < 2 or len(set(names)) != len(names) or not all(names):
        raise argparse.ArgumentTypeError(f"'{text}' must name two or more different classes")
    return names


def main(argv: Sequence[str]) -> None:
    """Prepare the data; raises StepError."""
    options = parse(argv)
    prepared, manifest = prepare(read_archive(options.archive / ARCHIVE_NAME), options)
    write(prepared, manifest, options.output)
    for name, counts in manifest.counts.items():
        print(f"{name}: " + ", ".join(f"{count} {label}" for label, count in counts.items()))
    print(f"others: {len(prepared.others.labels)} to train on, {len(prepared.others_test.labels)} to test")
    for what, counts in (("taken", manifest.reviewed["taken"]), ("left out", manifest.reviewed["left_out"])):
        print(f"reviewed photos {what}: " + (", ".join(f"{count} {name}" for name, count in counts.items()) or "none"))
    print(f"data_digest={manifest.data_digest} synthetic={manifest.synthetic} checksum={manifest.checksum}")


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:]), StepError))
