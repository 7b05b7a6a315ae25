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
from monitoring.profiles.span import EVERYTHING
from monitoring.profiles.store import Store
from monitoring.statistics.statistics import statistics
shelf = fill(Path(sys.argv[1]), Defaults(("bicycle", "motorcycle"), 0.9), Store(Path(sys.argv[2])), EVERYTHING)
print(len(statistics(shelf.period(EVERYTHING).profile.counts).features))
"""
REPORT = """
import sys
from pathlib import Path
from monitoring.analyze import Options, analyze
options = Options(("bicycle", "motorcycle"), baseline=Path(sys.argv[2]))
print(analyze(Path(sys.argv[1]), Path(sys.argv[1]) / "out", options).verdict.word)
"""


def write(folder: Path, count: int, archive: Path) -> None:
    """So many records of a day, in files of at most a thousand, as endpoints write them."""
    rng = np.random.default_rng(0)
    _, _, pool = pools(archive)
    traffic = fleet(pool, 1000, rng)
    lines = [
        json.loads(record(image, int(answer), float(sure), DAY, number))
        for number, (image, answer, sure) in enumerate(
            zip(traffic.images, traffic.answers, traffic.confidence, strict=True)
        )
    ]
    for start in range(0, count, 1000):
        moment = DAY + timedelta(days=1) * start / count
        place = folder / f"{moment:%Y/%m/%d/%H}"
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{moment:%M-%S}-000-{start:08}.jsonl").open("w") as file:
            for number in range(start, min(start + 1000, count)):
                moment = DAY + timedelta(days=1) * number / count
                metadata = {"eventId": f"{number:032x}", "inferenceTime": moment.isoformat()}
                file.write(json.dumps({**lines[number % 1000], "eventMetadata": metadata}) + "\n")


def measured(program: str, *arguments: object) -> tuple[float, float]:
    """Seconds and MB at the peak of a process, imports included."""
    wrapped = f"{program}\nimport resource\nfor who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):\n"
    wrapped += "    print(resource.getrusage(who).ru_maxrss)\n"
    start = time.monotonic()
    command = [sys.executable, "-c", wrapped, *map(str, arguments)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
    return time.monotonic() - start, sum(map(int, said[-2:])) / 1024


def main() -> None:
    """Prints a row for each number of records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--data", type=Path, required=True, help="cifar-100-python.tar.gz")
    parser.add_argument("--verdict", type=Path, help="a folder of `scones monitor baseline`")
    options = parser.parse_args()
    print("records | plain: records/s, MB | counted: records/s, MB | times the plain way | report: s, MB")
    for count in options.records:
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), count, options.data)
            plain, plain_memory = measured(PLAIN, name)
            ours, memory = measured(OURS, name)
            whole = measured(REPORT, name, options.verdict) if options.verdict else None
        report = f"{whole[0]:.0f}, {whole[1]:.0f}" if whole else "–"
        row = (f"{count:,}", f"{count / plain:,.0f}, {plain_memory:.0f}", f"{count / ours:,.0f}, {memory:.0f}")
        print(" | ".join((*row, f"{plain / ours:.1f}", report)), flush=True)


if __name__ == "__main__":
    main()
