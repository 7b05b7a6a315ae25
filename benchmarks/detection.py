"""How often the verdict finds the right cause in changed windows of traffic, and raises an alarm in unchanged ones.

Run as `python benchmarks/detection.py [--data ARCHIVE] [--windows 3] [--photos 300] [--clean 100]`. Half of the
training photos make the baseline, the other half is the traffic: a fleet of vehicles, each photographed several times
a day, a little moved and lit otherwise, so that records are not independent. Without an archive, photos are drawn.
Nothing but the folders of captures and the baseline reaches the verdict. Prints a row for each change, and the alarms
of unchanged windows.
"""

# ruff: noqa: E402
import argparse
import base64
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # beside this file, `monitoring` is a benchmark

import numpy as np
from PIL import Image

from benchmarks.shifts import SHIFTS, Pools, Rng, Shift, Traffic
from monitoring.captures.payloads import Defaults
from monitoring.features.training_images import Labelled
from monitoring.judgement.learning import learn
from monitoring.judgement.reference import Reference
from monitoring.judgement.verdict import References, Verdict, judge
from monitoring.judgement.window import window_of
from monitoring.profiles.shelf import fill
from monitoring.profiles.store import Store
from pipelines.data.generate import write_archive
from steps.dataset.archive import read_archive
from windows.spans import EVERYTHING

CLASSES = ("bicycle", "motorcycle")
DAY = datetime(2026, 11, 9, tzinfo=UTC)
ACCURACY = 0.93
CLEAN = ((30, 0.4), (300, 0.4), (3000, 0.2))  # sizes of clean windows, and their shares of all


def pools(archive: Path) -> tuple[Labelled, np.ndarray, Pools]:
    """Photos of the baseline, other things for the baseline, and what traffic is made of: no photo is in both."""
    found = read_archive(archive)
    order = np.random.default_rng(0).permutation(len(found.train.labels))
    images, labels = found.train.images[order], found.train.labels[order]
    place = [found.fine_labels.index(name) for name in CLASSES]
    own = [images[labels == label] for label in place]
    others = images[~np.isin(labels, place)]
    half = [len(each) // 2 for each in own]
    good = np.concatenate([each[:count] for each, count in zip(own, half, strict=True)])
    others = others if len(others) else own[0][:0]
    middle = len(others) // 2
    traffic = Pools((own[0][half[0] :], own[1][half[1] :]), others[middle:])
    return Labelled(good, np.repeat([0, 1], half), CLASSES), others[:middle], traffic


def fleet(pool: Pools, count: int, rng: Rng) -> Traffic:
    """A day of a fleet: about eight photos a vehicle, a class as often as the other, some vehicles more than others."""
    vehicles = min(max(5, count // 16), len(pool.classes[0]) // 2)
    chosen = [images[rng.choice(len(images), vehicles, replace=False)] for images in pool.classes]
    classes = rng.integers(0, 2, count)
    often = rng.dirichlet(np.full(vehicles, 3.0), 2)
    images = np.array([again(chosen[each][rng.choice(vehicles, p=often[each])], rng) for each in classes])
    right = rng.random(count) < ACCURACY
    return Traffic(images, classes, np.where(right, classes, 1 - classes), 1 - 0.5 * rng.beta(0.6, 4, count))


def again(image: np.ndarray, rng: Rng) -> np.ndarray:
    """The same vehicle a little later: moved, nearer or further, in another light; mirrored now and then."""
    zoom, (across, down) = rng.uniform(0.94, 1.06), rng.uniform(-2, 2, 2)
    matrix = (zoom, 0, across + 16 * (1 - zoom), 0, zoom, down + 16 * (1 - zoom))
    padded = Image.fromarray(np.pad(image, ((8, 8), (8, 8), (0, 0)), mode="reflect"))
    moved = padded.transform(padded.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    pixels = np.asarray(moved)[8:40, 8:40] * rng.uniform(0.9, 1.1) + rng.uniform(-6, 6)
    return np.clip(pixels, 0, 255).astype(np.uint8)[:, :: rng.choice([1, 1, 1, -1])]


def record(image: np.ndarray, answer: int, sure: float, moment: datetime, number: int) -> str:
    """A line of data capture."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=1)
    png = base64.b64encode(buffer.getvalue()).decode()
    data = {"endpointInput": {"observedContentType": "image/png", "data": png, "encoding": "BASE64"}}
    if answer >= 0:
        row = [sure, 1 - sure] if answer == 0 else [1 - sure, sure]
        text = json.dumps({"labels": CLASSES, "probabilities": [row], "threshold": 0.9})
        data["endpointOutput"] = {"observedContentType": "application/json", "data": text, "encoding": "JSON"}
    metadata = {"eventId": f"{moment:%d}-{number}", "inferenceTime": moment.isoformat()}
    return json.dumps({"captureData": data, "eventMetadata": metadata})


def write(folder: Path, traffic: Traffic, day: datetime) -> None:
    """A day's captures."""
    step = timedelta(days=1) / (len(traffic.images) + 1)
    rows = enumerate(zip(traffic.images, traffic.answers, traffic.confidence, strict=True))
    lines = [record(image, int(answer), float(sure), day + n * step, n) for n, (image, answer, sure) in rows]
    (folder / f"{day:%d}.jsonl").write_text("\n".join(lines) + "\n")


def verdict(traffic: Traffic, pool: Pools, reference: Reference, rng: Rng) -> Verdict:
    """The verdict on a day of traffic."""
    with tempfile.TemporaryDirectory() as name:
        for days in range(1, 4) if traffic.before else ():
            write(Path(name), fleet(pool, traffic.before, rng), DAY - timedelta(days=days))
        write(Path(name), traffic, DAY)
        shelf = fill(Path(name), Defaults(CLASSES, 0.9), Store(Path(name) / "profiles"), EVERYTHING)
        return judge(window_of(shelf, EVERYTHING, DAY), References(reference))


def row(shifts: tuple[Shift, ...], cause: str, pool: Pools, reference: Reference, options: argparse.Namespace) -> str:
    """A row of the table: windows seen and rightly named, for each strength; what else the strongest are called."""
    cells, wrong = [], set[str]()
    for shift in shifts:
        found = []
        for window in range(options.windows):
            rng = np.random.default_rng([window, options.photos])
            found.append(verdict(shift(fleet(pool, options.photos, rng), pool, rng), pool, reference, rng))
        named = [each.causes[0].cause if each.causes else "" for each in found]
        cells.append(f"{sum(map(bool, named))}, {named.count(cause)}")
        wrong = {each for each in named if each not in ("", cause)}
    return f"{' / '.join(cells)} | {', '.join(sorted(wrong)) or '–'}"


def clean(pool: Pools, reference: Reference, count: int) -> Iterator[tuple[int, Verdict]]:
    """Verdicts on unchanged windows."""
    for photos, share in CLEAN:
        for window in range(round(count * share)):
            rng = np.random.default_rng([window, photos, 1])
            yield photos, verdict(fleet(pool, photos, rng), pool, reference, rng)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="cifar-100-python.tar.gz; without it, photos are drawn")
    parser.add_argument("--windows", type=int, default=3, help="windows of each change and strength")
    parser.add_argument("--photos", type=int, default=300, help="photos in each of them")
    parser.add_argument("--clean", type=int, default=100, help="unchanged windows")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        archive = options.data or Path(name) / "drawn.tar.gz"
        if options.data is None:
            write_archive(archive, CLASSES, train_per_class=400, test_per_class=1)
        good, strangers, pool = pools(archive)
    start = time.monotonic()
    reference = learn(good.images, good.labels, good.classes, strangers)
    print(f"baseline of {reference.photos} photos: {time.monotonic() - start:.0f} s")
    print(f"windows of {options.photos} photos: seen, rightly named of {options.windows}; weak / middle / strong")
    for what, (cause, shifts) in SHIFTS.items():
        if what != "other things" or len(pool.others):
            print(f"{what} | {cause} | {row(shifts, cause, pool, reference, options)}", flush=True)
    alarms = [(photos, each) for photos, each in clean(pool, reference, options.clean) if each.causes]
    print(f"clean windows with an alarm: {len(alarms)} of {options.clean}")
    for photos, each in alarms:
        print(f"  {photos} photos: {each.headline}")


if __name__ == "__main__":
    main()
