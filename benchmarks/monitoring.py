"""How fast captures are read and counted, and with how much memory, compared with the plain way in the same run.

Run as `python benchmarks/monitoring.py [--records 1000 10000 100000] [--data ARCHIVE]`. The plain way is
`pandas.read_json(lines=True)`, then Pillow for one photo after the other, with the same five features. Each runs in a
process of its own, whose peak of memory (with its children's) is printed. `--verdict BASELINE` times a whole report as
well.
"""

# ruff: noqa: E402
import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)

import numpy as np

from benchmarks.detection import DAY, fleet, pools, record

PLAIN = """
import base64, io, json, sys
from pathlib import Path
import numpy as np, pandas as pd
from PIL import Image
rows = []
for path in sorted(Path(sys.argv[1]).rglob("*.jsonl")):
    for captured in pd.read_json(path, lines=True)["captureData"]:
        image = Image.open(io.BytesIO(base64.b64decode(captured["endpointInput"]["data"]))).convert("RGB")
        luma = np.asarray(image.convert("L"), float) / 255
        saturation = np.asarray(image.convert("HSV"), float)[:, :, 1].mean() / 255
        steps = (np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean()) / 2
        answer = max(json.loads(captured["endpointOutput"]["data"])["probabilities"][0])
        rows.append((luma.mean(), luma.std(), saturation, steps, answer))
print(len(pd.DataFrame(rows).describe()))
"""
OURS = """
import sys
from pathlib import Path
from monitoring.captures.payloads import Defaults
from monitoring.profiles.shelf import fill
from windows.spans import EVERYTHING
from monitoring.profiles.store import Store
from monitoring.statistics.statistics import statistics
shelf = fill(Path(sys.argv[1]), Defaults(("bicycle", "motorcycle"), 0.9), Store(Path(sys.argv[2])), EVERYTHING)
print(len(statistics(shelf.period(EVERYTHING).profile.counts).features))
"""
REPORT = """
import sys
from pathlib import Path
from monitoring.analyze import analyze
from monitoring.options import Options
options = Options(("bicycle", "motorcycle"), baseline=Path(sys.argv[2]), profiles=Path(sys.argv[3]))
print(analyze(Path(sys.argv[1]), Path(sys.argv[1]) / "out", options).verdict.word)
"""


def write(folder: Path, count: int, archive: Path) -> None:
    """So many records of a day, in files of at most a thousand, as endpoints write them."""
    rng = np.random.default_rng(0)
    _, _, pool = pools(archive)
    traffic = fleet(pool, 1000, rng)
    rows = enumerate(zip(traffic.images, traffic.answers, traffic.confidence, strict=True))
    lines = [record(image, int(answer), float(sure), DAY, number) for number, (image, answer, sure) in rows]
    bodies = [line.partition(', "eventMetadata"')[0] for line in lines]
    for start in range(0, count, 1000):
        moment = DAY + timedelta(days=1) * start / count
        place = folder / f"{moment:%Y/%m/%d/%H}"
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{moment:%M-%S}-000-{start:08}.jsonl").open("w") as file:
            for number in range(start, min(start + 1000, count)):
                time = (DAY + timedelta(days=1) * number / count).isoformat()
                metadata = {"eventId": f"{number:032x}", "inferenceTime": time}
                file.write(f'{bodies[number % 1000]}, "eventMetadata": {json.dumps(metadata)}}}\n')


@dataclass(frozen=True)
class Run:
    """A process, imports included: seconds, seconds of processors, and MB at the peak."""

    seconds: float
    cpu: float
    memory: float

    def of(self, records: int) -> str:
        """A cell of the table."""
        return f"{records / self.seconds:,.0f}, {self.cpu / records * 1e6:,.0f}, {self.memory:,.0f}"


def measured(program: str, *arguments: object) -> Run:
    """Runs a program."""
    wrapped = f"{program}\nimport resource\nfor who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):\n"
    wrapped += "    used = resource.getrusage(who)\n    print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    start = time.monotonic()
    command = [sys.executable, "-c", wrapped, *map(str, arguments)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
    own, children = ((float(cpu), int(memory)) for cpu, memory in (said[-4:-2], said[-2:]))
    return Run(time.monotonic() - start, own[0] + children[0], (own[1] + children[1]) / 1024)


def row(count: int, options: argparse.Namespace) -> tuple[Run, Run | None]:
    """Prints the row of a number of records; returns what counting and the plain way took."""
    with tempfile.TemporaryDirectory() as name:
        captures, kept = Path(name) / "captures", Path(name) / "kept"
        write(captures, count, options.data)
        plain = measured(PLAIN, captures) if count <= options.plain else None
        ours, again = (measured(OURS, captures, kept) for _ in range(2))
        whole = measured(REPORT, captures, options.verdict, kept) if options.verdict else None
    cells = [f"{count:,}", plain.of(count) if plain else "–", ours.of(count), again.of(count)]
    cells += [f"{plain.seconds / ours.seconds:.1f}, {plain.cpu / ours.cpu:.1f}" if plain else "–"]
    print(" | ".join((*cells, f"{whole.seconds:.0f}, {whole.memory:.0f}" if whole else "–")), flush=True)
    return ours, plain


def main() -> None:
    """Prints a row for each number of records, then the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--plain", type=int, default=100_000, help="up to so many records also the plain way")
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz")
    parser.add_argument("--verdict", type=Path, help="a folder of `scones monitor baseline`")
    options = parser.parse_args()
    print("each: records/s, µs of processors a record, MB")
    print("records | plain | counted | again | times the plain way: by the clock, by processors | report: s, MB")
    found = {count: row(count, options) for count in options.records}
    rate = max(count / ours.seconds for count, (ours, _) in found.items())
    times = max((plain.seconds / ours.seconds for ours, plain in found.values() if plain), default=0.0)
    large = [ours.memory for count, (ours, _) in found.items() if count >= 10_000]
    goal("20,000 records/s", f"{rate:,.0f}", met=rate >= 20_000)
    goal("5 times the plain way", f"{times:.1f}", met=times >= 5)
    if len(large) > 1:
        goal(
            "memory grows by less than 100 MB from 10,000 on",
            f"{large[-1] - large[0]:.0f}",
            met=large[-1] < large[0] + 100,
        )


def goal(what: str, reached: str, *, met: bool) -> None:
    """Prints a goal."""
    print(f"{'met' if met else 'missed'}: {what}: {reached}")


if __name__ == "__main__":
    main()
